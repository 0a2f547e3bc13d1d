package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
)

// run is one reading of a course.
type run struct {
	*Syncer

	course badges.Course
	cause  badges.SyncCause
	began  time.Time
	log    *badges.SyncRun
	state  badges.SyncState // that the run leaves the course in

	active  []badges.Badge // the higher steps of a badge before the lower ones
	steps   badges.Steps
	above   map[badges.BadgeID][]badges.BadgeID // each one's higher steps
	holders map[badges.BadgeID]map[badges.UserID]badges.Holding
	passed  map[badges.BadgeID]map[badges.UserID]bool // who are not to get it
	known   badges.Reading                            // by earlier readings and this one
	fresh   badges.Findings
}

// readAndAward reads what somebody's badge still depends on, and awards what was
// earned. It counts in r.log, also when it fails.
func (r *run) readAndAward(ctx context.Context) error {
	meter := &moodle.Meter{}
	ctx = moodle.WithMeter(ctx, meter)
	defer func() {
		usage := meter.Total()
		r.log.Calls, r.log.Bytes = int(usage.Calls), usage.Bytes
	}()
	if err := r.recall(ctx); err != nil {
		return err
	}
	if err := r.readRoster(ctx); err != nil {
		return err
	}
	if err := r.recallFindings(ctx); err != nil {
		return err
	}
	for _, m := range r.known.Members {
		if m.Active {
			r.log.Learners++
		}
	}
	if err := r.observe(ctx, r.needs(r.undecided()), r.since()); err != nil {
		return err
	}
	if err := r.confirm(ctx); err != nil {
		return err
	}
	r.log.Unreadable = r.fresh.Unreadable()
	r.log.DecidedAt = r.Now()
	if r.since().IsZero() {
		r.state.FullAt = r.began
	}
	r.state.ObservedAt = r.began
	if err := r.awardAll(ctx); err != nil {
		return err
	}
	return r.review(ctx)
}

// recall loads what is known of the course and its members.
func (r *run) recall(ctx context.Context) error {
	var err error
	if r.active, err = r.Store.ActiveBadges(ctx, r.course.CourseKey); err != nil {
		return err
	}
	if r.steps, err = r.Store.Steps(ctx, r.course.CourseKey); err != nil {
		return err
	}
	r.highestFirst()
	if r.known.Members, err = r.Store.Members(ctx, r.course.CourseKey); err != nil {
		return err
	}
	if r.known.Outline, err = r.Store.Outline(ctx, r.course.CourseKey); err != nil {
		return err
	}
	r.fresh = badges.Findings{}
	r.holders = map[badges.BadgeID]map[badges.UserID]badges.Holding{}
	r.passed = map[badges.BadgeID]map[badges.UserID]bool{}
	r.above = map[badges.BadgeID][]badges.BadgeID{}
	for _, b := range r.active {
		r.above[b.ID] = r.steps.Above(b.ID)
		for _, id := range append([]badges.BadgeID{b.ID}, r.above[b.ID]...) { // also of steps that are off
			if r.holders[id] != nil {
				continue
			}
			if r.holders[id], err = r.Store.Holders(ctx, r.course.CourseKey, id); err != nil {
				return err
			}
		}
		if r.passed[b.ID], err = r.Store.PassedOver(ctx, r.course.CourseKey, b.ID); err != nil {
			return err
		}
	}
	return nil
}

// recallFindings loads what is known of the learners, if a badge still depends on
// one of them.
func (r *run) recallFindings(ctx context.Context) (err error) {
	r.known.Findings = badges.Findings{}
	for _, open := range r.undecided() {
		if len(open) > 0 {
			r.known.Findings, err = r.Store.Findings(ctx, r.course.CourseKey)
			return err
		}
	}
	return nil
}

// readRoster reads who is in the course, and what rules can ask about, unless
// that was done not long ago. Who opens Insigne in between is noted then.
func (r *run) readRoster(ctx context.Context) error {
	if r.cause != badges.ByTeacher && r.began.Sub(r.state.RosterAt) < r.Pace.Roster {
		return nil
	}
	members, err := r.Evidence.Roster(ctx, r.course.CourseKey)
	if err != nil {
		return err
	}
	outline, err := r.Evidence.Outline(ctx, r.course.CourseKey)
	if err != nil {
		return err
	}
	err = r.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.SaveRoster(ctx, r.course.CourseKey, members); err != nil {
			return err
		}
		return tx.SaveOutline(ctx, r.course.CourseKey, outline)
	})
	if err != nil {
		return err
	}
	r.state.RosterAt, r.known.Outline = r.began, outline
	r.known.Members, err = r.Store.Members(ctx, r.course.CourseKey) // with who was ever seen teaching
	return err
}

// since is from when on the reading needs to know what happened; zero when it
// reads everything: what was taken back does not show otherwise.
func (r *run) since() time.Time {
	if r.cause == badges.ByTeacher || r.began.Sub(r.course.Sync.FullAt) >= r.Pace.Full {
		return time.Time{}
	}
	return r.course.Sync.ObservedAt.Add(-overlap)
}

// overlap absorbs clocks that differ, and what the LMS writes late.
const overlap = 5 * time.Minute

// isSettled reports whether nothing is left to decide about a learner: they hold
// the badge and cannot earn it again yet, have a higher step, or are not to get
// it.
func (r *run) isSettled(b *badges.Badge, user badges.UserID) bool {
	held, holds := r.holders[b.ID][user]
	return holds && !held.AgainByRule(r.began) || r.passed[b.ID][user] || r.isCovered(b, user)
}

// decide tells where a learner stands by what is known, and, if they were awarded
// the badge before, happened since.
func (r *run) decide(b *badges.Badge, m badges.Member) badges.Decision {
	known := r.known.Findings[m.User].After(r.evidenceAfter(b, m.User))
	return badges.Decide(&b.Current.Rule, m, known, r.began)
}

// undecided lists, for each badge, who may still earn it: candidates who do not
// hold it, or can earn it again, and can still meet its rule.
func (r *run) undecided() map[badges.BadgeID][]badges.Member {
	open := map[badges.BadgeID][]badges.Member{}
	for i := range r.active {
		b := &r.active[i]
		if b.Current.Rule.IsByHand() {
			continue
		}
		for _, m := range r.known.Members {
			if r.isSettled(b, m.User) {
				continue
			}
			if r.decide(b, m).Standing != badges.Cannot {
				open[b.ID] = append(open[b.ID], m)
			}
		}
	}
	return open
}

// needs says what is to be read of whom.
func (r *run) needs(open map[badges.BadgeID][]badges.Member) evidence.Needs {
	asked := map[badges.Subject]map[badges.UserID]bool{}
	needs := evidence.Needs{}
	for i := range r.active {
		b := &r.active[i]
		for _, s := range b.Current.Rule.Subjects() {
			if asked[s] == nil {
				asked[s] = map[badges.UserID]bool{}
			}
			for _, m := range open[b.ID] {
				if !asked[s][m.User] {
					asked[s][m.User] = true
					needs[s] = append(needs[s], m.User)
				}
			}
		}
	}
	return needs
}

// findingsBatch bounds a transaction, so that page views never wait long for
// the single writer of SQLite.
const findingsBatch = 1000

// observe reads what is needed, and keeps what is new.
func (r *run) observe(ctx context.Context, needs evidence.Needs, since time.Time) error {
	if len(needs) == 0 {
		return nil
	}
	found, err := r.Evidence.Observe(ctx, r.course.CourseKey, evidence.Request{
		Members: r.known.Members, Outline: r.known.Outline, Needs: needs, Kept: r.known.Findings, Since: since,
	})
	if err != nil {
		return err
	}
	r.fresh.Update(found)
	changed := r.known.Findings.Update(found)
	if len(changed) > 0 {
		r.state.ChangedAt = r.began
	}
	for len(changed) > 0 {
		batch := badges.Findings{}
		for user, evidence := range changed {
			batch[user] = evidence
			delete(changed, user)
			if len(batch) == findingsBatch {
				break
			}
		}
		err := r.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SaveEvidence(ctx, r.course.CourseKey, batch) })
		if err != nil {
			return err
		}
	}
	return nil
}

// confirm reads once more, and in full, of whom an award would rest on what an
// earlier reading found: it may have been taken back.
func (r *run) confirm(ctx context.Context) error {
	stale := map[badges.BadgeID][]badges.Member{}
	for i := range r.active {
		b := &r.active[i]
		for _, m := range r.candidates(b) {
			for _, s := range b.Current.Rule.Subjects() {
				if _, ok := r.fresh[m.User][s]; !ok {
					stale[b.ID] = append(stale[b.ID], m)
					break
				}
			}
		}
	}
	return r.observe(ctx, r.needs(stale), time.Time{})
}

// candidates lists who earns a badge by what is known.
func (r *run) candidates(b *badges.Badge) []badges.Member {
	var list []badges.Member
	for _, m := range r.known.Members {
		if r.isSettled(b, m.User) {
			continue
		}
		if r.decide(b, m).Standing == badges.Earns {
			list = append(list, m)
		}
	}
	return list
}

// reason names a failure for the people who can act on it.
func reason(err error) (key, detail string) {
	if e, ok := errors.AsType[*moodle.Error](err); ok {
		return "problem.moodle." + string(e.Reason), e.Function
	}
	if e, ok := errors.AsType[*lti.Error](err); ok {
		return "problem.lti." + string(e.Reason), ""
	}
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Kind != fault.Internal {
		return e.Key, ""
	}
	return "problem.internal", ""
}
