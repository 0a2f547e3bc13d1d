package gradebook

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// grades returns the grade service of a course.
func (c *Columns) grades(ctx context.Context, course badges.CourseKey) (lti.Grades, error) {
	reg, err := c.Store.Registration(ctx, lti.RegistrationID(course.Platform))
	if err != nil {
		return lti.Grades{}, err
	}
	services, err := c.Store.Services(ctx, course)
	return c.Tool.Grades(reg, services), err
}

// find returns the column that the LMS has for a badge, if there is one. It is
// the stored column or, if that is gone, one that is not stored yet, because an
// attempt was interrupted or nobody has opened the activity.
func (c *Columns) find(ctx context.Context, grades lti.Grades, course badges.CourseKey, badge badges.BadgeID) (store.Column, bool, error) {
	column, has, err := c.stored(ctx, course, badge)
	if has {
		has, err = exists(ctx, grades, column.LineItem)
	}
	if has || err != nil {
		return column, has, err
	}
	return search(ctx, grades, badge)
}

// exists reports whether the LMS has a line item. If the LMS refuses to answer,
// exists returns true.
func exists(ctx context.Context, grades lti.Grades, lineItem string) (bool, error) {
	_, err := grades.LineItem(ctx, lineItem)
	switch lti.ReasonOf(err) {
	case lti.ServiceNotFound:
		return false, nil
	case lti.ServiceForbidden:
		return true, nil
	default:
		return err == nil, err
	}
}

// search looks for the column of a badge among the line items of the course. If
// the LMS refuses to list them, or cannot, search finds none.
func search(ctx context.Context, grades lti.Grades, badge badges.BadgeID) (store.Column, bool, error) {
	items, err := grades.LineItems(ctx, lti.LineItemFilter{ResourceID: string(badge), Tag: badges.ColumnTag})
	switch reason := lti.ReasonOf(err); {
	case reason == lti.ServiceForbidden, reason == lti.ServiceAbsent:
		return store.Column{}, false, nil
	case err != nil, len(items) == 0:
		return store.Column{}, false, err
	default:
		return store.Column{LineItem: items[0].ID, Placed: items[0].ResourceLinkID != ""}, true, nil
	}
}

// create adds a column for a badge to the LMS's gradebook.
func (c *Columns) create(ctx context.Context, grades lti.Grades, badge badges.Badge) (store.Column, error) {
	item, err := grades.CreateLineItem(ctx, lti.LineItem{
		Label: badge.Current.Name, ScoreMaximum: fullScore, ResourceID: string(badge.ID), Tag: badges.ColumnTag,
		Review: review(c.Tool.LaunchURL()),
	})
	return store.Column{LineItem: item.ID}, err
}

// review asks the LMS to link a learner's grade to the learner's badges, if the
// LMS supports it. It applies to completed scores, because every score is sent
// as completed.
func review(address string) *lti.SubmissionReview {
	return &lti.SubmissionReview{Statuses: []lti.ActivityProgress{lti.ActivityCompleted}, URL: address}
}
