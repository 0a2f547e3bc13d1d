package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// gradebook says whether a badge can have a column in the LMS's gradebook, and
// whether it has.
type gradebook struct {
	Offered bool
	Column  bool
	Placed  bool // it came with an activity
}

func (s *Server) gradebookOf(ctx context.Context, course badges.CourseKey, id badges.BadgeID) (gradebook, error) {
	services, err := s.Store.Services(ctx, course)
	if err != nil {
		return gradebook{}, err
	}
	offered := services.LineItemsURL != "" && slices.Contains(services.GradeScopes, lti.ScopeLineItem) && takesScores(services)
	column, err := s.Store.Column(ctx, course, id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return gradebook{}, err
	}
	return gradebook{Offered: offered, Column: err == nil, Placed: column.Placed}, nil
}

// takesScores reports whether the LMS lets Insigne fill columns.
func takesScores(services lti.Services) bool {
	return slices.Contains(services.GradeScopes, lti.ScopeScore)
}

// reviewable has an LMS that can do so lead from a learner's grade to the
// learner's badges. Every score is sent as completed.
func reviewable(address string) *lti.SubmissionReview {
	return &lti.SubmissionReview{Statuses: []lti.ActivityProgress{lti.ActivityCompleted}, URL: address}
}

// setColumn adds the badge's column to the LMS's gradebook, or removes it.
func (s *Server) setColumn(w http.ResponseWriter, r *http.Request, who Session) error {
	ctx := r.Context()
	badge, err := s.pathBadge(r, who)
	if err != nil {
		return err
	}
	reg, err := s.Store.Registration(ctx, lti.RegistrationID(who.Course.Platform))
	if err != nil {
		return err
	}
	if r.PostFormValue("column") == "on" {
		err = s.addColumn(ctx, reg, who.Course, badge)
	} else {
		err = s.removeColumn(ctx, reg, who.Course, badge.ID)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}

// addColumn makes the column unless an attempt that was cut short made it, or
// somebody is making it.
func (s *Server) addColumn(ctx context.Context, reg lti.Registration, course badges.CourseKey, badge badges.Badge) error {
	if err := s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.ReserveColumn(ctx, course, badge.ID) }); err != nil {
		return err
	}
	err := s.makeColumn(ctx, reg, course, badge)
	if err == nil {
		return nil
	}
	if _, missing := s.Store.Column(ctx, course, badge.ID); missing == nil {
		return err // it was there before
	}
	// Whatever ended the request, the next attempt need not wait.
	ctx = context.WithoutCancel(ctx)
	return errors.Join(err, s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.RemoveColumn(ctx, course, badge.ID) }))
}

// makeColumn has the badge's column made, unless it stands in the gradebook.
func (s *Server) makeColumn(ctx context.Context, reg lti.Registration, course badges.CourseKey, badge badges.Badge) error {
	grades, err := s.gradesOf(ctx, reg, course)
	if err != nil {
		return err
	}
	column, err := s.standingColumn(ctx, grades, course, badge.ID)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		column, err = s.newColumn(ctx, grades, badge)
	}
	if err != nil {
		return err
	}
	return s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.AddColumn(ctx, course, badge.ID, column) })
}

// gradesOf is the grade service of a course.
func (s *Server) gradesOf(ctx context.Context, reg lti.Registration, course badges.CourseKey) (lti.Grades, error) {
	services, err := s.Store.Services(ctx, course)
	return s.Tool.Grades(reg, services), err
}

// newColumn adds a column to the LMS's gradebook.
func (s *Server) newColumn(ctx context.Context, grades lti.Grades, badge badges.Badge) (store.Column, error) {
	item, err := grades.CreateLineItem(ctx, lti.LineItem{
		Label: badge.Current.Name, ScoreMaximum: 100, ResourceID: string(badge.ID), Tag: badges.ColumnTag,
		Review: reviewable(s.Tool.LaunchURL()),
	})
	return store.Column{LineItem: item.ID}, err
}

// standingColumn asks the LMS for the badge's column: the one that is known,
// unless it is gone there, or else one that Insigne never came to know of, of an
// attempt that was cut short or of an activity that nobody opened yet. An LMS
// that may not be asked is believed to have what is known. fault.NotFound without
// one.
func (s *Server) standingColumn(ctx context.Context, grades lti.Grades, course badges.CourseKey, badge badges.BadgeID) (store.Column, error) {
	known, err := s.Store.Column(ctx, course, badge)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return store.Column{}, err
	}
	if err == nil {
		_, err = grades.LineItem(ctx, known.LineItem)
		switch lti.ReasonOf(err) {
		case lti.ServiceNotFound:
		case lti.ServiceForbidden:
			return known, nil
		default:
			return known, err
		}
	}
	there, err := grades.LineItems(ctx, lti.LineItemFilter{ResourceID: string(badge), Tag: badges.ColumnTag})
	if reason := lti.ReasonOf(err); err != nil && reason != lti.ServiceForbidden && reason != lti.ServiceAbsent {
		return store.Column{}, err
	}
	if len(there) == 0 {
		return store.Column{}, fault.New(fault.NotFound, "problem.not_found")
	}
	return store.Column{LineItem: there[0].ID, Placed: there[0].ResourceLinkID != ""}, nil
}

// takeColumn makes the column that came with a placed link the badge's, unless
// the badge has one. What the link asked for when it was placed stands in its
// custom parameters: a column that a teacher gave it for another purpose is left
// alone.
func takeColumn(ctx context.Context, tx *store.Tx, launch lti.Launch, course badges.CourseKey) error {
	services := launch.Services
	if launch.Message != lti.ResourceLinkRequest || launch.Custom[customColumn] != columnEarned || services.LineItemURL == "" || !takesScores(services) {
		return nil
	}
	named, err := linkedBadge(ctx, tx, course, badges.BadgeID(launch.Custom[customBadge]))
	if err != nil || named == "" {
		return err
	}
	return tx.TakeColumn(ctx, course, named, services.LineItemURL)
}

// removeColumn removes the column that Insigne made, with the grades in it. One
// that came with an activity is the LMS's, which removes it with the activity:
// Insigne only stops filling it.
func (s *Server) removeColumn(ctx context.Context, reg lti.Registration, course badges.CourseKey, id badges.BadgeID) error {
	column, err := s.Store.Column(ctx, course, id)
	if err != nil {
		return err
	}
	if column.Placed {
		return s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.GiveUpColumn(ctx, course, id) })
	}
	grades, err := s.gradesOf(ctx, reg, course)
	if err != nil {
		return err
	}
	if err := grades.DeleteLineItem(ctx, column.LineItem); err != nil && lti.ReasonOf(err) != lti.ServiceNotFound {
		return err
	}
	return s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.RemoveColumn(ctx, course, id) })
}
