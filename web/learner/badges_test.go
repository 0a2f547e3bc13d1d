package learner_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// enrol saves a learner, as their first launch does.
func enrol(t *testing.T, s *webtest.Site, user badges.UserID) {
	t.Helper()
	s.SaveArrival(t, badges.Member{User: user, Name: "Learner " + string(user), Email: "x@example.org", Active: true})
}

// links reports which links to an award a page has.
func links(t *testing.T, s *webtest.Site, a webtest.Answer, id badges.AssertionID) (claim, public bool) {
	t.Helper()
	return strings.Contains(a.Body, `"`+webtest.BaseURL+claimOf(t, s, id)+`"`), strings.Contains(a.Body, `"`+s.Links.Page(id)+`"`)
}

// TestMyBadges opens a learner's own page with an award of every history. It shows the
// state of the award and links to what the learner can do.
func TestMyBadges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		history       webtest.History
		says          []string
		lacks         []string
		claim, public bool // links that the page must have
	}{
		{webtest.Pending, []string{"Earned", "Waiting for an answer", "Unlock your badge"}, []string{"Still to earn"}, true, false},
		{webtest.Claimed, []string{"Earned", "Claimed", "Show and share", "Change my choice"}, []string{"Still to earn"}, true, true},
		{webtest.Private, []string{"Earned", "Claimed, private", "Change my choice", "Erase…"}, []string{"Still to earn", "Show and share"}, true, false},
		{webtest.RevokedPrivate, []string{"Earned", "Revoked", "Erase…"}, []string{"Show and share", "Still to earn"}, false, false},
		{webtest.Declined, []string{"Earned", "Declined", "Accept it after all"}, []string{"Still to earn", "You declined this badge."}, true, false},
		{webtest.Revoked, []string{"Earned", "Revoked"}, []string{"Show and share", "Still to earn", "Other badges of this course"}, false, false},
		{webtest.Withdrawn, []string{"Other badges of this course", "A teacher decided that you do not have this badge."}, []string{"Earned", "Still to earn"}, false, false},
		{webtest.Withheld, []string{"Still to earn"}, []string{"Earned", "Withheld", "Other badges"}, false, false},
		{webtest.Discarded, []string{"Still to earn"}, []string{"Earned", "A teacher decided", "Other badges"}, false, false},
		{webtest.Replaced, []string{"Earned", "Claimed", "Other steps", "Replaced by a higher step"}, []string{"Still to earn"}, true, true},
		{webtest.ReplacedBefore, []string{"Earned", "Waiting for an answer", "Other steps", "Replaced by a higher step"}, []string{"Still to earn"}, true, false},
	} {
		t.Run(string(tt.history), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			a := s.MakeAward(t, tt.history)
			enrol(t, s, a.User)
			b := s.Open(t, page.Session{User: a.User, Title: "Title of the course"})
			var got webtest.Answer
			s.CheckUnchanged(t, a.ID, func() { got = b.Get(b.Who.Path("/mine")) })
			if got.Status != http.StatusOK || !got.Shows("My badges Title of the course") {
				t.Errorf("%d %s", got.Status, got.Text())
			}
			if earned := got.Shows("Earned"); earned != got.Shows("Awarded by U · 1 March 2026") {
				t.Errorf("says who awarded it, and when: %t: %s", !earned, got.Text())
			}
			if !got.Shows(tt.says...) {
				t.Errorf("wants %q: %s", tt.says, got.Text())
			}
			for _, text := range tt.lacks {
				if got.Shows(text) {
					t.Errorf("says %q: %s", text, got.Text())
				}
			}
			if claim, public := links(t, s, got, a.ID); claim != tt.claim || public != tt.public {
				t.Errorf("links to the claim: %t, to the public page: %t; want %t, %t", claim, public, tt.claim, tt.public)
			}
			enrol(t, s, "somebody else")
			other := s.Open(t, page.Session{User: "somebody else"})
			if got := other.Get(other.Who.Path("/mine")); got.Status != http.StatusOK || got.Shows("Earned") || strings.Contains(got.Body, string(a.ID)) {
				t.Errorf("a teacher reads: %s", got.Text())
			}
		})
	}
}

// TestLearnerPage opens the page of one learner with every kind of session. Only the
// learner's own page has links that claim.
func TestLearnerPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, claimed := s.World.Assertion("6"), s.World.Assertion("6")
	second := s.World.Draft(t, s.Store)
	claimed.Badge, claimed.Version = second.ID, second.Current.ID
	s.Award(t, a)
	s.Award(t, claimed)
	s.Claim(t, claimed.ID, true, true)
	elsewhere := badges.CourseKey{Platform: s.World.Course.Platform, Context: "77"}
	arrive := func(course badges.CourseKey, user badges.UserID, watches ...badges.UserID) {
		storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
			return tx.Arrive(ctx, store.Arrival{
				Course: badges.Course{CourseKey: course, Title: "Course"}, Watches: watches,
				Member: badges.Member{User: user, Name: "Learner " + string(user), Email: "x@example.org", Active: true},
			})
		})
	}
	for _, user := range []badges.UserID{"6", "7", "3"} {
		arrive(s.World.Course, user)
	}
	arrive(s.World.Course, "mentor of 6", "6")
	arrive(s.World.Course, "mentor of 7", "7", "66", "")
	arrive(s.World.Course, "mentor of nobody")
	arrive(elsewhere, "3")
	arrive(elsewhere, "mentor of 6", "6")
	arrive(s.World.Course, "was mentor of 6", "6")
	const refused = "You may not see this learner’s badges."
	for _, tt := range []struct {
		name   string
		who    page.Session
		status int
		says   string
		claim  bool
	}{
		{"the learner", page.Session{User: "6"}, 200, "My badges", true},
		{"another learner", page.Session{User: "7"}, 403, refused, false},
		{"a teacher of the course", page.Session{User: "3", Teacher: true}, 200, "Learner 6", false},
		{"a teacher of another course", page.Session{User: "3", Teacher: true, Course: elsewhere}, 404, "Not found", false},
		{"their mentor", page.Session{User: "mentor of 6", Mentor: true}, 200, "Learner 6", false},
		{"another learner's mentor", page.Session{User: "mentor of 7", Mentor: true}, 403, refused, false},
		{"a mentor of nobody", page.Session{User: "mentor of nobody", Mentor: true}, 403, refused, false},
		{"a mentor whom nobody knows", page.Session{User: "unknown", Mentor: true}, 404, "Not found", false},
		{"their mentor from another course", page.Session{User: "mentor of 6", Mentor: true, Course: elsewhere}, 404, "Not found", false},
		{"their mentor, launched without the role", page.Session{User: "was mentor of 6"}, 403, refused, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := s.Open(t, tt.who)
			got := b.Get(b.Who.Path("/learners/6"))
			if got.Status != tt.status || !got.Shows(tt.says) {
				t.Errorf("%d %s; want %d %q", got.Status, got.Text(), tt.status, tt.says)
			}
			claim, _ := links(t, s, got, a.ID)
			_, public := links(t, s, got, claimed.ID)
			if claim != tt.claim || strings.Contains(got.Body, "/claim/") != tt.claim || public != (tt.status == 200) {
				t.Errorf("links to the claim: %t, to the public page: %t", claim, public)
			}
			if tt.status != 200 && (got.Shows("Earned") || strings.Contains(got.Body, "Badge")) {
				t.Errorf("the refusal shows something: %s", got.Text())
			}
		})
	}
	teacher := s.Open(t, page.Session{User: "3", Teacher: true})
	if got := teacher.Get(teacher.Who.Path("/learners/nobody")); got.Status != http.StatusNotFound {
		t.Errorf("an unknown learner: %d", got.Status)
	}
	other := s.Open(t, page.Session{User: "7"})
	if got := other.Get(other.Who.Path("/learners/nobody")); got.Status != http.StatusForbidden {
		t.Errorf("a learner asks for an unknown learner: %d, want 403 as for a known one", got.Status)
	}
}

// TestLearnerPageAsOthersReadIt checks that nothing on the page says "you".
func TestLearnerPageAsOthersReadIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Withdrawn)
	enrol(t, s, a.User)
	teacher := s.Open(t, page.Session{User: "3", Teacher: true})
	got := teacher.Get(teacher.Who.Path("/learners/" + string(a.User)))
	if !got.Shows("Learner withdrawn", "A teacher took the award back") || got.Shows("you do not have") || strings.Contains(got.Body, "hx-get") {
		t.Errorf("%d %s", got.Status, got.Text())
	}
}

// TestMyBadgesInFrench checks that the page is in the language of the session.
func TestMyBadgesInFrench(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Pending)
	enrol(t, s, a.User)
	b := s.Open(t, page.Session{User: a.User, Language: "fr"})
	if got := b.Get(b.Who.Path("/mine")); !got.Shows("Mes badges", "1er mars 2026") || got.Header.Get("Content-Language") != "fr" {
		t.Errorf("%s", got.Text())
	}
}

// TestOneBadge opens the page of a link to one badge.
func TestOneBadge(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	enrol(t, s, "6")
	other := badgeNamed(t, s, "Another one", badges.Rule{Kind: badges.CourseCompleted})
	award := s.World.Assertion("6")
	award.Badge, award.Version = other.ID, other.Current.ID
	s.Award(t, award)
	b := s.Open(t, page.Session{User: "6"})
	for _, tt := range []struct {
		name, path  string
		this, other bool
		all         bool // the page has a link to all badges
	}{
		{"all", "/mine", true, true, false},
		{"one to earn", "/mine/" + string(s.World.Badge.ID), true, false, true},
		{"one that was earned", "/mine/" + string(other.ID), false, true, true},
		{"one that is not there", "/mine/00000000-0000-4000-8000-000000000000", false, false, true},
		{"the part of all", "/mine/list?badge=", true, true, false},
		{"the part of one", "/mine/list?badge=" + string(other.ID), false, true, false},
	} {
		got := b.Get(b.Who.Path(tt.path))
		if got.Status != http.StatusOK || strings.Contains(got.Body, ">Badge") != tt.this || got.Shows("Another one") != tt.other {
			t.Errorf("%s: %d %s", tt.name, got.Status, got.Text())
		}
		if got.Shows("All badges of the course") != tt.all {
			t.Errorf("%s: there is a link to all badges: %t", tt.name, !tt.all)
		}
		if part := strings.HasPrefix(tt.path, "/mine/list"); strings.Contains(got.Body, "<html") == part {
			t.Errorf("%s: it is a whole page: %t", tt.name, part)
		}
		if !tt.this && !tt.other && !got.Shows("No badge here yet") {
			t.Errorf("%s: %s", tt.name, got.Text())
		}
	}
}

// TestPageRefreshes checks that the page refreshes itself while a reading of the course
// is due, and only for the learner.
func TestPageRefreshes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	enrol(t, s, "6")
	own, teacher := s.Open(t, page.Session{User: "6"}), s.Open(t, page.Session{User: "3", Teacher: true})
	refreshes := func(b *webtest.Browser, path string) bool {
		got := b.Get(b.Who.Path(path))
		checking := got.Shows("Reading your latest results…")
		if checking != strings.Contains(got.Body, `hx-get="`+b.Who.Path("/mine/list?badge=")+`"`) {
			t.Errorf("%s says that it refreshes: %t: %s", path, checking, got.Body)
		}
		return checking
	}
	if !refreshes(own, "/mine") || !refreshes(own, "/mine/list") || refreshes(teacher, "/learners/6") {
		t.Error("before the first reading")
	}
	courseWasRead(t, s, nil)
	if refreshes(own, "/mine") || refreshes(teacher, "/learners/6") {
		t.Error("after a reading")
	}
	s.Clock.Add(2 * time.Hour)
	if !refreshes(own, "/mine") {
		t.Error("when the next reading is due")
	}
}

// courseWasRead saves a reading of the world's course. The next reading is due in an
// hour.
func courseWasRead(t *testing.T, s *webtest.Site, found badges.Findings) {
	t.Helper()
	leased, err := s.Store.LeaseCourse(t.Context(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	now := s.Clock.Now()
	if err := s.Store.FinishSync(t.Context(), leased, badges.SyncRun{StartedAt: now, EndedAt: now, DecidedAt: now}, badges.SyncState{DueAt: now.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error { return tx.SaveEvidence(ctx, s.World.Course, found) })
}

// TestOutsideOfACourse lists a person's awards in all courses of the platform, and none
// of another platform.
func TestOutsideOfACourse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	here := s.World
	s.Award(t, here.Assertion("6"))
	there := elsewhereInPlatform(t, s, "77", "Badge of another course")
	s.Award(t, there)
	foreign := storetest.NewWorld(t, s.Store, "another platform")
	s.Award(t, foreign.Assertion("6"))
	outside := s.Open(t, page.Session{User: "6", Course: badges.CourseKey{Platform: here.Course.Platform}})
	got := outside.Get(outside.Who.Path("/mine"))
	if got.Status != http.StatusOK || !got.Shows("Badge of another course") || strings.Count(got.Body, "claim-link") != 2 || got.Shows("Still to earn") {
		t.Errorf("outside: %d %s", got.Status, got.Text())
	}
	enrol(t, s, "6")
	inside := s.Open(t, page.Session{User: "6"})
	if got := inside.Get(inside.Who.Path("/mine")); got.Shows("Badge of another course") || strings.Count(got.Body, "claim-link") != 1 {
		t.Errorf("in the course: %s", got.Text())
	}
}

// elsewhereInPlatform returns an award to learner 6 in another course of the platform.
// It is not stored.
func elsewhereInPlatform(t *testing.T, s *webtest.Site, id badges.ContextID, name string) badges.Assertion {
	t.Helper()
	a := s.World.Assertion("6")
	a.Course.Context = id
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.SeeCourse(ctx, badges.Course{CourseKey: a.Course, Title: "Another course"}); err != nil {
			return err
		}
		content := s.World.Badge.Current.Content
		content.Name = name
		b, err := tx.CreateBadge(ctx, a.Course, content, "3")
		a.Badge, a.Version = b.ID, b.Current.ID
		return err
	})
	return a
}

// TestEarlierAwards checks that previous awards are shown with the newest award of the
// badge.
func TestEarlierAwards(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.World.Badge = s.World.Months(t, s.Store, s.World.Badge, 12)
	enrol(t, s, "6")
	first := s.Award(t, s.World.Assertion("6"))
	s.Claim(t, first.ID, false, false)
	b := s.Open(t, page.Session{User: "6"})
	if got := b.Get(b.Who.Path("/mine")); !got.Shows("valid until 1 March 2027") || got.Shows("Earlier awards") {
		t.Errorf("one award: %s", got.Text())
	}
	s.Clock.Add(366 * 24 * time.Hour)
	if got := b.Get(b.Who.Path("/mine")); !got.Shows("expired on 1 March 2027", "Still to earn", "You held this badge before: what counts is what happens after 1 March 2026.") {
		t.Errorf("expired: %s", got.Text())
	}
	second := s.Award(t, s.World.After(first))
	got := b.Get(b.Who.Path("/mine"))
	if !got.Shows("Earlier awards", "expired on 1 March 2027", "valid until 2 March 2028") || strings.Count(got.Body, "card earned earned-") != 1 {
		t.Errorf("awarded again: %s", got.Text())
	}
	if claim, public := links(t, s, got, second.ID); !claim || public {
		t.Errorf("the newest links to the claim: %t, to a public page: %t", claim, public)
	}
	if _, public := links(t, s, got, first.ID); !public {
		t.Error("the previous award has no link")
	}
}
