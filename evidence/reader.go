package evidence

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
)

// Store reads data of Insigne itself.
type Store interface {
	Registration(ctx context.Context, id lti.RegistrationID) (lti.Registration, error)
	Services(ctx context.Context, course badges.CourseKey) (lti.Services, error)
	// HoldersSince returns the learners who have or had a badge of the platform, with
	// the times.
	HoldersSince(ctx context.Context, platform badges.PlatformID, badge badges.BadgeID) (map[badges.UserID]badges.Tenure, error)
}

// Reader reads the courses of the LMS.
type Reader struct {
	sites *Sites
	tool  *lti.Tool
	store Store
}

// NewReader returns a reader for the sites.
func NewReader(sites *Sites, tool *lti.Tool, store Store) *Reader {
	return &Reader{sites: sites, tool: tool, store: store}
}

// Read reads the roster, the outline and the subjects of all learners, and nothing
// else. Errors are those of the whole site or course: *moodle.Error, *lti.Error, or
// fault.Conflict if the platform offers nothing to read.
func (r *Reader) Read(ctx context.Context, course badges.CourseKey, subjects []badges.Subject) (badges.Reading, error) {
	var reading badges.Reading
	var err error
	if reading.Members, err = r.Roster(ctx, course); err != nil {
		return badges.Reading{}, err
	}
	if reading.Outline, err = r.Outline(ctx, course); err != nil {
		return badges.Reading{}, err
	}
	var learners []badges.UserID
	for _, m := range reading.Members {
		if m.Active && !m.Teaches {
			learners = append(learners, m.User)
		}
	}
	needs := Needs{}
	for _, s := range subjects {
		needs[s] = learners
	}
	reading.Findings, err = r.Observe(ctx, course, Request{Members: reading.Members, Outline: reading.Outline, Needs: needs})
	if err != nil {
		return badges.Reading{}, err
	}
	return reading, nil
}

// Roster lists all members of a course.
func (r *Reader) Roster(ctx context.Context, course badges.CourseKey) ([]badges.Member, error) {
	site, err := r.site(ctx, course)
	if err != nil {
		return nil, err
	}
	if site == nil {
		return r.advantageRoster(ctx, course)
	}
	return moodleRoster(ctx, site.client, moodle.CourseID(course.Context))
}

// Outline returns what rules of the course can use.
func (r *Reader) Outline(ctx context.Context, course badges.CourseKey) (badges.Outline, error) {
	site, err := r.site(ctx, course)
	if err != nil {
		return badges.Outline{}, err
	}
	outline := badges.Outline{Unread: withoutServices}
	if site != nil {
		if outline, err = moodleOutline(ctx, site.client, moodle.CourseID(course.Context)); err != nil {
			return badges.Outline{}, err
		}
	}
	return outline, r.addLineItems(ctx, course, &outline, site == nil)
}

// withoutServices lists the kinds of rules that need Moodle's web services.
var withoutServices = []badges.RuleKind{
	badges.CourseCompleted, badges.CourseGrade, badges.ActivityCompleted, badges.ActivityPassed, badges.ActivityGrade, badges.GroupMember,
}

// site returns the course's Moodle; nil if there is none and LTI services are
// available. It returns fault.Conflict if there is neither.
func (r *Reader) site(ctx context.Context, course badges.CourseKey) (*site, error) {
	found, missing := r.sites.site(ctx, course.Platform)
	if !fault.Is(missing, fault.Conflict) {
		return found, missing
	}
	services, err := r.store.Services(ctx, course)
	if err != nil {
		return nil, err
	}
	if services.MembershipsURL == "" {
		return nil, missing
	}
	return nil, nil // no Moodle: LTI services are used
}
