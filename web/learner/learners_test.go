package learner_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// mentorOf returns the browser of a mentor who follows learners.
func mentorOf(t *testing.T, s *webtest.Site, learners ...badges.UserID) *webtest.Browser {
	t.Helper()
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
		return tx.Arrive(ctx, store.Arrival{
			Course: badges.Course{CourseKey: s.World.Course, Title: "Course"}, Member: badges.Member{User: "mentor", Name: "Mentor", Active: true}, Watches: learners,
		})
	})
	return s.Open(t, page.Session{User: "mentor", Mentor: true, Title: "Course"})
}

// TestWatchedLearners lists the learners that the LMS named, and no others.
func TestWatchedLearners(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, user := range []badges.UserID{"6", "7", "8"} {
		enrol(t, s, user)
	}
	b := mentorOf(t, s, "6", "8", "not read yet")
	got := b.Get(b.Who.Path("/learners"))
	if got.Status != http.StatusOK || !got.Shows("Learners you follow", "Course", "Learner 6", "Learner 8") || got.Shows("Learner 7") || got.Shows("not read yet") {
		t.Errorf("%d %s", got.Status, got.Text())
	}
	if !strings.Contains(got.Body, `href="`+b.Who.Path("/learners/6")+`"`) {
		t.Errorf("there is no link to a learner: %s", got.Body)
	}
	french := s.Open(t, page.Session{User: "mentor", Mentor: true, Language: "fr"})
	if got := french.Get(french.Who.Path("/learners")); got.Header.Get("Content-Language") != "fr" || got.Shows("Learners you follow") {
		t.Errorf("in French: %s", got.Text())
	}
}

// TestNobodyToFollow checks that the page says why the list is empty.
func TestNobodyToFollow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, learners := range map[string][]badges.UserID{"nobody was named": nil, "nobody was read yet": {"6"}} {
		b := mentorOf(t, s, learners...)
		if got := b.Get(b.Who.Path("/learners")); got.Status != http.StatusOK || !got.Shows("Nobody to show yet", "The learners you follow appear once Insigne has read the course.") {
			t.Errorf("%s: %d %s", name, got.Status, got.Text())
		}
	}
}

// TestOnlyMentorsFollow checks that a session without the role shows no list, even if
// learners are stored.
func TestOnlyMentorsFollow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	enrol(t, s, "6")
	mentorOf(t, s, "6")
	for name, who := range map[string]page.Session{
		"a learner": {User: "7"}, "the mentor, launched without the role": {User: "mentor"}, "a teacher": {User: "3", Teacher: true},
	} {
		b := s.Open(t, who)
		if got := b.Get(b.Who.Path("/learners")); got.Status != http.StatusForbidden || got.Shows("Learner 6") || !got.Shows("You may not see this learner’s badges.") {
			t.Errorf("%s: %d %s", name, got.Status, got.Text())
		}
	}
	elsewhere := s.Open(t, page.Session{User: "mentor", Mentor: true, Course: badges.CourseKey{Platform: s.World.Course.Platform, Context: "77"}})
	if got := elsewhere.Get(elsewhere.Who.Path("/learners")); got.Status == http.StatusOK || got.Shows("Learner 6") {
		t.Errorf("from another course: %d %s", got.Status, got.Text())
	}
}

// TestManyLearners checks that a page has fifty learners.
func TestManyLearners(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var learners []badges.UserID
	var members []badges.Member
	for n := range 120 {
		user := badges.UserID(fmt.Sprintf("%03d", n))
		learners = append(learners, user)
		members = append(members, badges.Member{User: user, Name: "Learner " + string(user), Active: true})
	}
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error { return tx.SaveRoster(ctx, s.World.Course, members) })
	b := mentorOf(t, s, learners...)
	for _, tt := range []struct {
		query       string
		first, last int // numbers of the learners on the page; last 0: none
		more        string
		part        bool // the answer is only a part of a page
		status      int
	}{
		{"", 0, 49, "/learners?from=50", false, 200},
		{"?from=0", 0, 49, "/learners?from=50", false, 200},
		{"?from=50", 50, 99, "/learners?from=100", true, 200},
		{"?from=100", 100, 119, "", true, 200},
		{"?from=120", 0, 0, "", true, 200},
		{"?from=99999999", 0, 0, "", true, 200},
		{"?from=-1", 0, 0, "", false, 422},
		{"?from=x", 0, 0, "", false, 422},
		{"?from=99999999999999999999", 0, 0, "", false, 422},
	} {
		got := b.Get(b.Who.Path("/learners" + tt.query))
		if got.Status != tt.status {
			t.Errorf("%q: %d, want %d", tt.query, got.Status, tt.status)
			continue
		}
		for n := range 120 {
			want := tt.last > 0 && n >= tt.first && n <= tt.last
			if got.Shows(fmt.Sprintf("Learner %03d", n)) != want {
				t.Errorf("%q: learner %d is shown: %t", tt.query, n, !want)
			}
		}
		if more := strings.Contains(got.Body, `hx-get="`); more != (tt.more != "") || more && !strings.Contains(got.Body, `hx-get="`+b.Who.Path(tt.more)+`"`) {
			t.Errorf("%q: there is a next page: %t", tt.query, more)
		}
		if tt.status == 200 && strings.Contains(got.Body, "<html") == tt.part {
			t.Errorf("%q: it is a whole page: %t", tt.query, tt.part)
		}
	}
}

// TestNamesOfLearners checks that the link to a learner works with all ids and names
// that an LMS can send.
func TestNamesOfLearners(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, user := range []badges.UserID{"a b", "a%2Fb", "é", "a?b#c", "<b>"} {
		enrol(t, s, user)
		b := mentorOf(t, s, user)
		list := b.Get(b.Who.Path("/learners"))
		_, link, _ := strings.Cut(list.Body, `<a href="`)
		link, _, _ = strings.Cut(link, `"`)
		address, err := url.Parse(link)
		if err != nil {
			t.Errorf("%q: %v", user, err)
			continue
		}
		if got := b.Get(address.String()); got.Status != http.StatusOK || !got.Shows("Learner "+string(user)) || strings.Contains(got.Body, "<b>") {
			t.Errorf("%q by %s: %d %s", user, link, got.Status, got.Text())
		}
	}
}
