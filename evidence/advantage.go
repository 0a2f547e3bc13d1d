package evidence

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// registered returns the course's registration and the services that its launches
// named.
func (r *Reader) registered(ctx context.Context, course badges.CourseKey) (lti.Registration, lti.Services, error) {
	services, err := r.store.Services(ctx, course)
	if err != nil {
		return lti.Registration{}, lti.Services{}, err
	}
	reg, err := r.store.Registration(ctx, lti.RegistrationID(course.Platform))
	return reg, services, err
}

// advantageRoster reads the roster through LTI, which works with every LMS.
func (r *Reader) advantageRoster(ctx context.Context, course badges.CourseKey) ([]badges.Member, error) {
	reg, services, err := r.registered(ctx, course)
	if err != nil {
		return nil, err
	}
	listed, err := r.tool.Roster(ctx, reg, services.MembershipsURL)
	if err != nil {
		return nil, fmt.Errorf("read roster: %w", err)
	}
	var members []badges.Member
	for _, m := range listed {
		if !m.Roles.Learner() && !m.Roles.Instructor() {
			continue // mentors and observers do not get badges
		}
		members = append(members, badges.Member{
			User: badges.UserID(m.User), Name: m.Name, Email: m.Email, Active: m.Active, Teaches: m.Roles.Instructor() || m.Roles.TestUser(),
		}.Carried())
	}
	return members, nil
}

// addLineItems adds the gradebook columns of Insigne's links to the outline, because
// rules can use their results. It returns an error for columns that cannot be read only
// if there is nothing else to read.
func (r *Reader) addLineItems(ctx context.Context, course badges.CourseKey, outline *badges.Outline, only bool) error {
	reg, services, err := r.registered(ctx, course)
	if err != nil {
		return err
	}
	if services.LineItemsURL == "" {
		outline.Unread = append(outline.Unread, badges.LineItemGrade)
		return nil
	}
	items, err := r.tool.Grades(reg, services).LineItems(ctx, lti.LineItemFilter{})
	if err != nil && only {
		return fmt.Errorf("read line items: %w", err)
	}
	if err != nil {
		outline.Unread = append(outline.Unread, badges.LineItemGrade)
		return nil //nolint:nilerr // Moodle's web services are enough
	}
	for _, i := range items {
		if i.Tag != badges.ColumnTag {
			outline.LineItems = append(outline.LineItems, badges.LineItem{ID: badges.LineItemID(i.ID), Name: badges.CarriedName(i.Label)})
		}
	}
	return nil
}

// observeLineItems reads the results of line items (Assignment and Grade Services 2.0,
// section 3.3), with one call per line item. If a line item cannot be read, its results
// are unknown.
func (r *Reader) observeLineItems(ctx context.Context, course badges.CourseKey, needs Needs, found badges.Findings) error {
	reg, services, err := r.registered(ctx, course)
	if err != nil {
		return err
	}
	for s, users := range needs {
		results, err := r.tool.Grades(reg, services).Results(ctx, s.ID, "")
		if lti.ReasonOf(err).OfService() {
			Needs{s: users}.unknown(found, whyLineItemHidden, badges.SourceLineItems)
			continue
		}
		if err != nil {
			return fmt.Errorf("read results: %w", err)
		}
		grades := make(map[badges.UserID]*badges.Grade, len(results))
		for _, result := range results {
			if result.Score != nil {
				grades[badges.UserID(result.User)] = &badges.Grade{Raw: *result.Score, Max: result.Maximum}
			}
		}
		for _, u := range users {
			found.Note(u, s, badges.Observation{Read: true, Grade: grades[u], Source: badges.SourceLineItems})
		}
	}
	return nil
}
