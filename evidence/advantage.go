package evidence

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// registered returns the course's registration and the services its launches
// named.
func (r *Reader) registered(ctx context.Context, course badges.CourseKey) (lti.Registration, lti.Services, error) {
	services, err := r.store.Services(ctx, course)
	if err != nil {
		return lti.Registration{}, lti.Services{}, err
	}
	reg, err := r.store.Registration(ctx, lti.RegistrationID(course.Platform))
	return reg, services, err
}

// advantageRoster reads the members that every LMS can tell of.
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
			continue // mentors and observers are no candidates
		}
		members = append(members, badges.Member{
			User: badges.UserID(m.User), Name: m.Name, Email: m.Email, Active: m.Active, Teaches: m.Roles.Instructor() || m.Roles.TestUser(),
		})
	}
	return members, nil
}

// addLineItems lists the gradebook columns of Insigne's links, whose results a
// rule can ask about. Only where they are all there is does a failure matter.
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
		return nil //nolint:nilerr // what Moodle's web services tell is enough to go on with
	}
	for _, i := range items {
		if i.Tag != badges.ColumnTag {
			outline.LineItems = append(outline.LineItems, badges.LineItem{ID: badges.LineItemID(i.ID), Name: i.Label})
		}
	}
	return nil
}

// observeLineItems reads the results of line items (Assignment and Grade
// Services 2.0, section 3.3), one call for each. One that cannot be read is
// unknown.
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
			found.Note(u, s, badges.Observation{Known: true, Grade: grades[u], Source: badges.SourceLineItems})
		}
	}
	return nil
}
