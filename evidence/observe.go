package evidence

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// The reasons why an observation is unknown, as catalogue keys.
const (
	whyUnread         = "unknown.learner_unread"   // the LMS refused to answer about this learner
	whyActivityHidden = "unknown.activity_hidden"  // deleted, without completion tracking, or we may not view its type
	whyGradeHidden    = "unknown.grade_unreadable" // no grade item, or not readable
	whyGradeUnsettled = "unknown.grade_unsettled"  // the LMS has not computed it yet
	whyCompletionOff  = "unknown.course_completion_off"
	whyCourseHidden   = "unknown.course_unreadable" // the other course was deleted, or we may not enter it
	whyOtherCourse    = "unknown.other_course"      // the answer seems to be about another course
	whyNoService      = "unknown.no_service"        // the web services are not set up
	whyGroupHidden    = "unknown.group_unreadable"
	whyLineItemHidden = "unknown.line_item_unreadable"
)

// Request is what to observe in a course.
type Request struct {
	Members []badges.Member // from the last reading
	Outline badges.Outline  // from the last reading
	Needs   Needs
	// Kept are the observations of previous readings. If Since is not zero and the LMS
	// can report changes, only what changed after Since is read again. Zero reads
	// everything.
	Kept  badges.Findings
	Since time.Time
}

// Observe reads the needs of q, and nothing else. The errors are those of Read.
func (r *Reader) Observe(ctx context.Context, course badges.CourseKey, q Request) (badges.Findings, error) {
	found := badges.Findings{}
	for at, some := range q.Needs.byReading() {
		var err error
		switch at.call {
		case badges.BadgeHeld:
			err = r.observeHoldings(ctx, course.Platform, some, found)
		case badges.GroupMember:
			observeGroups(q.Members, q.Outline, some, found)
		case badges.LineItemGrade:
			err = r.observeLineItems(ctx, course, some, found)
		default:
			err = r.observeSite(ctx, course, at, request{members: q.Members, needs: some, kept: q.Kept, since: q.Since, found: found})
		}
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// request is what one kind of call should read from a course.
type request struct {
	site        *site
	course      moodle.CourseID
	otherCourse bool // course is not the course of the members
	members     []badges.Member
	needs       Needs
	kept        badges.Findings
	since       time.Time
	found       badges.Findings // receives the observations
}

var siteObservers = map[badges.RuleKind]func(context.Context, request) error{
	badges.CourseCompleted:   observeCourse,
	badges.ActivityCompleted: observeActivities,
	badges.ActivityGrade:     observeGrades,
}

// observeSite reads from Moodle. If another course cannot be read, its observations are
// unknown; that is not an error of this course.
func (r *Reader) observeSite(ctx context.Context, course badges.CourseKey, at reading, q request) error {
	site, err := r.site(ctx, course)
	if err != nil {
		return err
	}
	if site == nil {
		q.needs.unknown(q.found, whyNoService, "")
		return nil
	}
	q.site, q.course = site, moodle.CourseID(course.Context)
	if at.course != "" {
		q.course, q.otherCourse = moodle.CourseID(at.course), true
	}
	err = siteObservers[at.call](ctx, q)
	if q.otherCourse && ofCourse(err) {
		q.needs.unknown(q.found, whyCourseHidden, "")
		return nil
	}
	return err
}

// observeHoldings looks up who has other badges.
func (r *Reader) observeHoldings(ctx context.Context, platform badges.PlatformID, needs Needs, found badges.Findings) error {
	for s, users := range needs {
		tenures, err := r.store.HoldersSince(ctx, platform, badges.BadgeID(s.ID))
		if err != nil {
			return err
		}
		for _, u := range users {
			t, ever := tenures[u]
			found.Note(u, s, badges.Observation{Read: true, Done: ever && t.Ended.IsZero(), At: t.Since, Ended: t.Ended, Source: badges.SourceHoldings})
		}
	}
	return nil
}

// observeGroups looks up the members of groups. If groups exist and all seem empty,
// Moodle hides the members from us, and they are unknown.
func observeGroups(members []badges.Member, outline badges.Outline, needs Needs, found badges.Findings) {
	groups := make(map[badges.UserID][]badges.GroupID, len(members))
	anybody := false
	for _, m := range members {
		groups[m.User] = m.Groups
		anybody = anybody || len(m.Groups) > 0
	}
	listed := map[badges.GroupID]bool{}
	for _, g := range outline.Groups {
		listed[g.ID] = true
	}
	for s, users := range needs {
		for _, u := range users {
			o := badges.Observation{Why: whyGroupHidden, Source: badges.SourceRoster}
			if anybody && listed[badges.GroupID(s.ID)] {
				o = badges.Observation{Read: true, Source: badges.SourceRoster}
			}
			for _, g := range groups[u] {
				if o.Read && string(g) == s.ID {
					o.Done = true
				}
			}
			found.Note(u, s, o)
		}
	}
}
