package web

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// customColumn is the custom parameter of a link that was placed with a column
// for its badge, and what it says.
const (
	customColumn = "column"
	columnEarned = "earned"
)

// earnedPoints is what the column of a placed badge counts: next to nothing in
// the course's total, unless the teacher gives it weight.
const earnedPoints = 1

// offersColumn reports whether a link can be placed with a column.
func (s *Server) offersColumn(ctx context.Context, course badges.CourseKey, p store.Placement) (bool, error) {
	services, err := s.Store.Services(ctx, course)
	return p.Request.LineItems && takesScores(services), err
}

// addLineItem asks for a column with the link of a badge, where the LMS may take
// one and the badge has none. A column that nobody told Insigne of becomes the
// badge's at once.
func (s *Server) addLineItem(ctx context.Context, reg lti.Registration, course badges.CourseKey, p store.Placement, items []lti.ContentItem) error {
	offered, err := s.offersColumn(ctx, course, p)
	if err != nil || !offered {
		return err
	}
	for i := range items {
		id := badges.BadgeID(items[i].Custom[customBadge])
		if id == "" {
			continue
		}
		has, err := s.keepColumn(ctx, reg, course, id)
		if err != nil {
			return err
		}
		if !has {
			items[i].Custom[customColumn] = columnEarned
			items[i].LineItem = &lti.ContentLineItem{
				Label: items[i].Title, Maximum: earnedPoints, ResourceID: string(id), Tag: badges.ColumnTag, Review: reviewable(""),
			}
		}
	}
	return nil
}

// keepColumn reports whether a badge has a column in the LMS's gradebook, and
// notes what that says: one found there becomes the badge's, one gone or given up
// is forgotten, so that the next link may bring another.
func (s *Server) keepColumn(ctx context.Context, reg lti.Registration, course badges.CourseKey, badge badges.BadgeID) (bool, error) {
	grades, err := s.gradesOf(ctx, reg, course)
	if err != nil {
		return false, err
	}
	column, err := s.standingColumn(ctx, grades, course, badge)
	missing := err != nil && fault.KindOf(err) == fault.NotFound
	if err != nil && !missing {
		return false, err
	}
	return !missing, s.Store.Tx(ctx, func(tx *store.Tx) error {
		if missing {
			return forgotten(tx.RemoveColumn(ctx, course, badge))
		}
		known, err := tx.Column(ctx, course, badge)
		if known == column {
			return err
		}
		if forgotten(err) != nil {
			return err
		}
		return tx.AddColumn(ctx, course, badge, column)
	})
}

// forgotten takes what is not there for forgotten.
func forgotten(err error) error {
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}
