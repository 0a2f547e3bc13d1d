package gradebook

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// Columns manages the gradebook columns of badges. Every field is required. It
// is safe for concurrent use.
type Columns struct {
	Store     *store.Store
	Tool      *lti.Tool
	PublicURL func(badges.AssertionID) string // address of the public page of an assertion
	Now       func() time.Time
}

// Status says whether a badge can have a column, and whether it has one.
type Status struct {
	Offered bool // the LMS allows Insigne to make and fill one
	Column  bool // the badge has one
	Placed  bool // it came with an activity
}

// Status returns what is stored about the column of a badge, without asking the
// LMS.
func (c *Columns) Status(ctx context.Context, course badges.CourseKey, badge badges.BadgeID) (Status, error) {
	services, err := c.Store.Services(ctx, course)
	if err != nil {
		return Status{}, err
	}
	column, has, err := c.stored(ctx, course, badge)
	if err != nil {
		return Status{}, err
	}
	offered := services.LineItemsURL != "" && slices.Contains(services.GradeScopes, lti.ScopeLineItem) && takesScores(services)
	return Status{Offered: offered, Column: has, Placed: column.Placed}, nil
}

// takesScores reports whether the LMS accepts scores from Insigne.
func takesScores(services lti.Services) bool {
	return slices.Contains(services.GradeScopes, lti.ScopeScore)
}

// Add gives a badge its column: the one that the LMS has for it, or else a new
// one. It fails with fault.Conflict while another request does the same.
func (c *Columns) Add(ctx context.Context, badge badges.Badge) error {
	err := c.Store.Tx(ctx, func(tx *store.Tx) error { return tx.ReserveColumn(ctx, badge.Course, badge.ID) })
	if err != nil {
		return err
	}
	err = c.findOrCreate(ctx, badge)
	if err == nil {
		return nil
	}
	// End the reservation even if this request was cancelled, so that the next
	// attempt need not wait.
	ctx = context.WithoutCancel(ctx)
	return errors.Join(err, c.Store.Tx(ctx, func(tx *store.Tx) error { return tx.ReleaseColumn(ctx, badge.Course, badge.ID) }))
}

func (c *Columns) findOrCreate(ctx context.Context, badge badges.Badge) error {
	grades, err := c.grades(ctx, badge.Course)
	if err != nil {
		return err
	}
	column, has, err := c.find(ctx, grades, badge.Course, badge.ID)
	if err == nil && !has {
		column, err = c.create(ctx, grades, badge)
	}
	if err != nil {
		return err
	}
	return c.Store.Tx(ctx, func(tx *store.Tx) error { return keep(ctx, tx, badge.Course, badge.ID, column) })
}

// Remove deletes the column that Insigne made, with the grades in it. A column
// that came with a link stays in the LMS, and Insigne sends no more scores to
// it. It fails with fault.NotFound if there is no column.
func (c *Columns) Remove(ctx context.Context, course badges.CourseKey, badge badges.BadgeID) error {
	column, err := c.Store.Column(ctx, course, badge)
	if err != nil {
		return err
	}
	if column.Placed {
		return c.Store.Tx(ctx, func(tx *store.Tx) error { return tx.GiveUpColumn(ctx, course, badge) })
	}
	grades, err := c.grades(ctx, course)
	if err != nil {
		return err
	}
	if err := grades.DeleteLineItem(ctx, column.LineItem); err != nil && lti.ReasonOf(err) != lti.ServiceNotFound {
		return err
	}
	return c.Store.Tx(ctx, func(tx *store.Tx) error { return tx.RemoveColumn(ctx, course, badge) })
}

// keep stores the column of a badge and enqueues its scores.
func keep(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID, column store.Column) error {
	if err := tx.AddColumn(ctx, course, badge, column); err != nil {
		return err
	}
	return enqueueScores(ctx, tx, course, badge)
}

// stored returns the column that the store has for a badge, if there is one.
func (c *Columns) stored(ctx context.Context, course badges.CourseKey, badge badges.BadgeID) (store.Column, bool, error) {
	column, err := c.Store.Column(ctx, course, badge)
	if fault.Is(err, fault.NotFound) {
		return store.Column{}, false, nil
	}
	return column, err == nil, err
}
