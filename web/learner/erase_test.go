package learner_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestErase erases awards with every history that the learner can see. The page that
// says what it means comes first; a form without the button's value, or without the
// confirmation, changes nothing, and nobody else can send it.
func TestErase(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	enrol(t, s, "other")
	other := s.Open(t, page.Session{User: "other"})
	teacher := s.Open(t, page.Session{User: "3", Teacher: true})
	both := url.Values{"decision": {"erase"}, "understood": {"yes"}}
	for _, history := range webtest.Histories() {
		if slices.Contains([]webtest.History{webtest.Withheld, webtest.Discarded, webtest.Erased}, history) {
			continue
		}
		t.Run(string(history), func(t *testing.T) {
			a := s.MakeAward(t, history)
			enrol(t, s, a.User)
			b := s.Open(t, page.Session{User: a.User})
			path := b.Who.Path("/mine/awards/" + string(a.ID) + "/erase")
			s.CheckUnchanged(t, a.ID, func() {
				if got := b.Get(path); got.Status != http.StatusOK || !got.Shows("Erase “Badge”", "copies that you or others have downloaded stay valid", "I understand that this cannot be undone") {
					t.Errorf("%d %s", got.Status, got.Text())
				}
				for _, form := range []url.Values{nil, {"understood": {"yes"}}, {"decision": {"erase"}}, {"decision": {"keep"}, "understood": {"yes"}}} {
					if got := b.Post(path, form); got.Status != http.StatusUnprocessableEntity {
						t.Errorf("%v: %d", form, got.Status)
					}
				}
				for name, reader := range map[string]*webtest.Browser{"another learner": other, "a teacher": teacher} {
					if got := reader.Post(reader.Who.Path("/mine/awards/"+string(a.ID)+"/erase"), both); got.Status != http.StatusNotFound {
						t.Errorf("%s: %d", name, got.Status)
					}
				}
				forged := url.Values{"csrf": {"forged"}, "decision": {"erase"}, "understood": {"yes"}}
				if got := b.Post(path, forged); got.Status != http.StatusForbidden {
					t.Errorf("without the token: %d", got.Status)
				}
			})
			if got := b.Post(path, both); got.Status != http.StatusSeeOther || got.Header.Get("Location") != b.Who.Path("/mine") {
				t.Errorf("%d to %q: %s", got.Status, got.Header.Get("Location"), got.Text())
			}
			if after := s.Read(t, a.ID); after.State != badges.Erased || after.Recipient != (badges.Recipient{}) {
				t.Errorf("%+v", after)
			}
			got := b.Get(b.Who.Path("/mine"))
			higher := history == webtest.Replaced || history == webtest.ReplacedBefore // the learner still has it
			if higher != got.Shows("Earned") || !higher && !got.Shows("Other badges of this course", "You had this badge erased. A teacher can award it to you again.") {
				t.Errorf("afterwards: %s", got.Text())
			}
			if got := b.Post(path, both); got.Status != http.StatusNotFound {
				t.Errorf("twice: %d", got.Status)
			}
		})
	}
}

// TestErasedClaimLink checks that the link of the notice says that the award was erased,
// and that no form brings it back.
func TestErasedClaimLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Erased)
	path := claimOf(t, s, a.ID)
	s.CheckUnchanged(t, a.ID, func() {
		if got := s.Anybody().Get(path); got.Status != http.StatusGone || !got.Shows("This badge was erased at its holder’s request.") || got.Shows("revoked") {
			t.Errorf("%d %s", got.Status, got.Text())
		}
		for _, decision := range []string{"accept", "decline", "private", "public"} {
			if got := s.Anybody().Post(path, url.Values{"decision": {decision}}); got.Status != http.StatusGone {
				t.Errorf("%s: %d", decision, got.Status)
			}
		}
	})
}

// TestEraseOfWithheld checks that a learner cannot erase, and so find out about, an
// award that they cannot see.
func TestEraseOfWithheld(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, history := range []webtest.History{webtest.Withheld, webtest.Discarded} {
		a := s.MakeAward(t, history)
		enrol(t, s, a.User)
		b := s.Open(t, page.Session{User: a.User})
		if got := b.Get(b.Who.Path("/mine/awards/" + string(a.ID) + "/erase")); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d", history, got.Status)
		}
	}
}
