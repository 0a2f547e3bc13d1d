package gradebook

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// customColumn is the custom parameter of a link that was placed with a column
// for its badge; columnEarned is its value.
const (
	customColumn = "column"
	columnEarned = "earned"
)

// placedMaximum is the maximum score of a column that comes with a link. It is
// so small that the column hardly changes the course total unless the teacher
// gives it weight.
const placedMaximum = 1

// OfferedWithLink reports whether a link can be placed with a column.
func (c *Columns) OfferedWithLink(ctx context.Context, p store.Placement) (bool, error) {
	services, err := c.Store.Services(ctx, p.Course)
	return p.Request.LineItems && takesScores(services), err
}

// AskWithLink adds a column to a link that is about to be placed for a badge.
// It does not change the link if the LMS accepts no column, or has one for the
// badge.
func (c *Columns) AskWithLink(ctx context.Context, p store.Placement, badge badges.BadgeID, link *lti.ContentItem) error {
	offered, err := c.OfferedWithLink(ctx, p)
	if err != nil || !offered {
		return err
	}
	has, err := c.refresh(ctx, p.Course, badge)
	if err != nil || has {
		return err
	}
	if link.Custom == nil {
		link.Custom = map[string]string{}
	}
	link.Custom[customColumn] = columnEarned
	link.LineItem = &lti.ContentLineItem{
		Label: link.Title, Maximum: placedMaximum, ResourceID: string(badge), Tag: badges.ColumnTag, Review: review(""),
	}
	return nil
}

// refresh asks the LMS whether it has a column for a badge, and stores the
// answer. A column that it finds becomes the badge's. A column that is gone, or
// was given up, is removed from the store, so that the next link may bring
// another.
func (c *Columns) refresh(ctx context.Context, course badges.CourseKey, badge badges.BadgeID) (bool, error) {
	grades, err := c.grades(ctx, course)
	if err != nil {
		return false, err
	}
	column, has, err := c.find(ctx, grades, course, badge)
	if err != nil {
		return false, err
	}
	return has, c.Store.Tx(ctx, func(tx *store.Tx) error {
		if !has {
			return unlessNotFound(tx.RemoveColumn(ctx, course, badge))
		}
		stored, err := tx.Column(ctx, course, badge)
		if unlessNotFound(err) != nil || stored == column {
			return err
		}
		return keep(ctx, tx, course, badge, column)
	})
}

// unlessNotFound returns err, or nil if it says that something was not found.
func unlessNotFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Take stores the column that came with a link as the column of the badge that
// the link names, unless the badge has one or gave one up. An empty badge means
// that the link names none. Only a link that was placed with a column brings
// one: Take ignores a column that a teacher made for another purpose.
func (c *Columns) Take(ctx context.Context, tx *store.Tx, launch lti.Launch, course badges.CourseKey, badge badges.BadgeID) error {
	services := launch.Services
	brings := launch.Message == lti.ResourceLinkRequest && launch.Custom[customColumn] == columnEarned &&
		services.LineItemURL != "" && takesScores(services)
	if !brings || badge == "" {
		return nil
	}
	taken, err := tx.TakeColumn(ctx, course, badge, services.LineItemURL)
	if err != nil || !taken {
		return err
	}
	return enqueueScores(ctx, tx, course, badge)
}
