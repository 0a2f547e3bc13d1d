package teacher_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/teacher"
	"github.com/insigne-badges/insigne/web/webtest"
)

// The people in the course.
const (
	tomas = badges.UserID("3")  // teacher
	nina  = badges.UserID("4")  // teacher
	zoe   = badges.UserID("6")  // met everything
	angel = badges.UserID("7")  // has 60% in the quiz, completed the report
	chloe = badges.UserID("8")  // has done nothing yet
	jean  = badges.UserID("9")  // suspended
	nora  = badges.UserID("10") // without a mail address; has done nothing yet
)

func people() []badges.Member {
	return []badges.Member{
		{User: tomas, Name: "Tomás Ó Briain", Email: "tomas@u.example", Active: true, Teaches: true},
		{User: nina, Name: "Nina Noneditor", Email: "nina@u.example", Active: true, Teaches: true},
		{User: zoe, Name: "Zoë D’Alembert", Email: "zoe@u.example", Username: "zoe", Language: "fr", Active: true},
		{User: angel, Name: "Ángel Núñez", Email: "angel@u.example", Username: "angel", Active: true},
		{User: chloe, Name: "Chloé Martin", Email: "chloe@u.example", Active: true},
		{User: jean, Name: "Jean Suspendu", Email: "jean@u.example"},
		{User: nora, Name: "Nora Sansadresse", Active: true},
	}
}

// outline returns an outline with something for every kind of condition.
func outline() badges.Outline {
	return badges.Outline{
		Activities: []badges.Activity{
			{ID: "17", Name: "Final quiz", Module: "quiz", Graded: true, Completion: true},
			{ID: "18", Name: "Report", Module: "assign", Completion: true},
			{ID: "19", Name: "Essay", Module: "assign", Graded: true},
		},
		Groups:    []badges.Group{{ID: "24", Name: "Group A"}},
		LineItems: []badges.LineItem{{ID: "https://lms.example.org/items/1", Name: "Talk"}},
	}
}

// Rules that learners of the course can meet.
var (
	quiz   = badges.Rule{Kind: badges.ActivityGrade, Activity: "17", Name: "Final quiz", Percent: 80}
	report = badges.Rule{Kind: badges.ActivityCompleted, Activity: "18", Name: "Report"}
	both   = badges.Rule{Kind: badges.All, Of: []badges.Rule{quiz, report}}
	gone   = badges.Rule{Kind: badges.ActivityCompleted, Activity: "99", Name: "Old forum"}
	byHand = badges.Rule{Kind: badges.ByHand}
)

// world is a small installation with a course, its people and its LMS.
type world struct {
	*webtest.Site

	t       *testing.T
	lms     *lms
	handler *teacher.Handler

	teacher, colleague *webtest.Browser // they teach the course
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Site: webtest.NewSite(t), t: t, lms: &lms{members: people(), outline: outline()}}
	w.handler = &teacher.Handler{
		Gates: w.Gates, Views: w.Views, Store: w.Store, Evidence: w.lms, Awards: award.New(webtest.BaseURL, rand.Reader),
		Columns:  &gradebook.Columns{Store: w.Store, Now: w.Clock.Now},
		Pictures: w.Library, Links: w.Links, Now: w.Clock.Now,
	}
	w.Mount(w.handler)
	w.lms.met(zoe, 18, true)
	w.lms.met(angel, 12, true)
	w.lms.met(chloe, 4, false)
	w.lms.met(jean, 20, true)
	w.lms.met(nora, 0, false)
	w.save()
	w.teacher = w.as(page.Session{User: tomas, Teacher: true})
	w.colleague = w.as(page.Session{User: nina, Teacher: true})
	return w
}

func (w *world) as(who page.Session) *webtest.Browser {
	w.t.Helper()
	return w.Open(w.t, who)
}

func (w *world) tx(f func(context.Context, *store.Tx) error) {
	w.t.Helper()
	storetest.Tx(w.t, w.Store, f)
}

// save stores a reading of the course with what the LMS has now.
func (w *world) save() {
	w.t.Helper()
	reading, err := w.lms.Read(w.t.Context(), w.World.Course, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.tx(func(ctx context.Context, tx *store.Tx) error { return tx.SaveReading(ctx, w.World.Course, reading) })
}

// anotherCourse makes a course of the platform that the teacher of the world also
// teaches. It returns the teacher's browser there.
func (w *world) anotherCourse(id badges.ContextID, history ...badges.ContextID) *webtest.Browser {
	w.t.Helper()
	key := badges.CourseKey{Platform: w.World.Course.Platform, Context: id}
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.Arrive(ctx, store.Arrival{
			Course: badges.Course{CourseKey: key, Title: "Course " + string(id)}, History: history,
			Member: badges.Member{User: tomas, Name: "Tomás Ó Briain", Email: "tomas@u.example", Active: true, Teaches: true},
		})
	})
	return w.as(page.Session{Course: key, User: tomas, Teacher: true})
}

// draft makes a draft in the course.
func (w *world) draft(name string, rule badges.Rule) badges.Badge {
	w.t.Helper()
	content := w.World.Badge.Current.Content
	content.Name, content.Rule = name, rule
	return w.draftIn(w.World.Course, content)
}

func (w *world) draftIn(key badges.CourseKey, content badges.Content) (b badges.Badge) {
	w.t.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) (err error) {
		b, err = tx.CreateBadge(ctx, key, content, tomas)
		return err
	})
	return b
}

// on makes a badge in the course and switches it on.
func (w *world) on(name string, rule badges.Rule) badges.Badge {
	w.t.Helper()
	b := w.draft(name, rule)
	w.turn(b, badges.On)
	return w.badge(b.ID)
}

func (w *world) turn(b badges.Badge, state badges.BadgeState) {
	w.t.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.SwitchBadge(ctx, b.Course, b.ID, state, tomas)
	})
}

// stepAfter makes a draft the next step after lower.
func (w *world) stepAfter(lower, draft badges.Badge) {
	w.t.Helper()
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.SetStep(ctx, w.World.Course, draft.ID, lower.ID, tomas)
	})
}

// has writes an award of a badge in a state.
func (w *world) has(b badges.Badge, user badges.UserID, state badges.AssertionState) badges.Assertion {
	w.t.Helper()
	a := w.World.Assertion(user)
	a.Badge, a.Version, a.State, a.AwardedAt = b.ID, b.Current.ID, state, w.Clock.Now()
	a.Facts = []badges.Fact{{Kind: badges.ActivityCompleted, Activity: "18", Name: "Report", Source: badges.SourceActivity}}
	for _, m := range people() {
		if m.User == user {
			a.Recipient = badges.Recipient{Name: m.Name, Email: m.Email, Language: m.Language}
		}
	}
	if state == badges.Claimed || state == badges.Declined {
		a.DecidedAt = w.Clock.Now()
	}
	return w.insert(a)
}

// insert writes an award. Without AwardedAt it is awarded now.
func (w *world) insert(a badges.Assertion) badges.Assertion {
	w.t.Helper()
	if a.AwardedAt.IsZero() {
		a.AwardedAt = w.Clock.Now()
	}
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		if written, err := tx.InsertAssertion(ctx, a); err != nil || !written {
			return fmt.Errorf("award to %s written: %t: %w", a.User, written, err)
		}
		return tx.Move(ctx, a, a) // stores what happened to it since
	})
	return a
}

// badge returns the stored badge.
func (w *world) badge(id badges.BadgeID) badges.Badge {
	w.t.Helper()
	b, err := w.Store.Badge(w.t.Context(), w.World.Course, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// badgesOf returns all badges of a course, the oldest first.
func (w *world) badgesOf(key badges.CourseKey) []badges.Badge {
	w.t.Helper()
	list, err := w.Store.BadgesOf(w.t.Context(), key)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// award returns the stored award.
func (w *world) award(id badges.AssertionID) badges.Assertion {
	w.t.Helper()
	a, err := w.Store.Assertion(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// awarded returns the awards of a badge, by learner.
func (w *world) awarded(id badges.BadgeID) map[badges.UserID]badges.Assertion {
	w.t.Helper()
	list, err := w.Store.AssertionsOfBadge(w.t.Context(), w.World.Course, id)
	if err != nil {
		w.t.Fatal(err)
	}
	by := map[badges.UserID]badges.Assertion{}
	for _, a := range list {
		by[a.User] = a
	}
	return by
}

func (w *world) proposals(id badges.BadgeID) []badges.Proposal {
	w.t.Helper()
	list, err := w.Store.Proposals(w.t.Context(), w.World.Course, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// acts returns the actions of a person in the audit log of the course, in order.
func (w *world) acts(by badges.UserID, object string) (acts []badges.Action) {
	w.t.Helper()
	entries, err := w.Store.AuditOf(w.t.Context(), w.World.Course, object)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Actor == string(by) {
			acts = append(acts, e.Action)
		}
	}
	return acts
}

// requested reports whether a teacher requested a reading of the course. It then does
// the reading.
func (w *world) requested() bool {
	w.t.Helper()
	c, err := w.Store.LeaseCourse(w.t.Context(), time.Minute)
	if fault.Is(err, fault.NotFound) {
		return false
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.finish(c, badges.SyncRun{})
	return c.Cause == badges.ByTeacher
}

// finish ends a reading. The next one is due in an hour.
func (w *world) finish(c store.LeasedCourse, run badges.SyncRun) {
	w.t.Helper()
	run.StartedAt, run.EndedAt, run.Cause = w.Clock.Now(), w.Clock.Now(), c.Cause
	if err := w.Store.FinishSync(w.t.Context(), c, run, badges.SyncState{DueAt: w.Clock.Now().Add(time.Hour)}); err != nil {
		w.t.Fatal(err)
	}
}

// at returns the path of a page of a badge in a browser's session.
func at(b *webtest.Browser, id badges.BadgeID, rest string) string {
	return b.Who.Path("/badges/" + string(id) + rest)
}

// made returns the badge to whose page an answer redirects.
func (w *world) made(got webtest.Answer) badges.Badge {
	w.t.Helper()
	to := got.Header.Get("Location")
	id := badges.BadgeID(to[strings.LastIndex(to, "/")+1:])
	expectGoes(w.t, got, at(w.teacher, id, ""))
	return w.badge(id)
}

// anotherPlatform makes a platform with a course and people of the same ids. It returns
// the browser of the teacher there.
func (w *world) anotherPlatform() (*webtest.Browser, storetest.World) {
	w.t.Helper()
	other := storetest.NewWorld(w.t, w.Store, "another")
	if other.Course.Context != w.World.Course.Context || other.Course.Platform == w.World.Course.Platform {
		w.t.Fatalf("%v is not the same course of another platform than %v", other.Course, w.World.Course)
	}
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.Arrive(ctx, store.Arrival{
			Course: badges.Course{CourseKey: other.Course, Title: "Course"}, Member: people()[0],
		})
	})
	return w.as(page.Session{Course: other.Course, User: tomas, Teacher: true}), other
}
