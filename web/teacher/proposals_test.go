package teacher_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// endorsed makes a badge whose awards by hand need a second teacher.
func (w *world) endorsed() badges.Badge {
	w.t.Helper()
	b := w.on("Exploration", both)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.SetEndorsed(ctx, w.World.Course, b.ID, true, tomas)
	})
	return w.badge(b.ID)
}

// proposed proposes a badge for a learner as the first teacher.
func (w *world) proposed(b badges.Badge, user badges.UserID) badges.Proposal {
	w.t.Helper()
	got := w.teacher.Post(at(w.teacher, b.ID, "/award"), url.Values{"do": {"award"}, "learner": {string(user)}, "text": {"An excellent talk."}})
	expectGoes(w.t, got, at(w.teacher, b.ID, "?awarded=0&proposed=1"))
	for _, p := range w.proposals(b.ID) {
		if p.User == user {
			return p
		}
	}
	w.t.Fatalf("nothing was proposed for %s", user)
	return badges.Proposal{}
}

// decide sends a decision about proposals.
func decide(by *webtest.Browser, b badges.Badge, decision string, ids ...badges.AssertionID) webtest.Answer {
	form := url.Values{"decision": {decision}}
	for _, id := range ids {
		form.Add("proposal", string(id))
	}
	return by.Post(at(by, b.ID, "/proposals"), form)
}

// TestEndorsed switches the second teacher on and off.
func TestEndorsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	open, path := at(w.teacher, b.ID, ""), at(w.teacher, b.ID, "/endorsed")
	steps := []struct {
		value  string
		status int
		after  bool
		says   string
	}{
		{"on", http.StatusSeeOther, true, "An award by hand needs a second teacher"},
		{"maybe", http.StatusUnprocessableEntity, true, "No longer ask for a second teacher"},
		{"", http.StatusUnprocessableEntity, true, "No longer ask for a second teacher"},
		{"off", http.StatusSeeOther, false, "Ask for a second teacher’s confirmation"},
	}
	for _, step := range steps {
		expect(t, w.teacher.Post(path, url.Values{"endorsed": {step.value}}), step.status)
		if after := w.badge(b.ID).Endorsed; after != step.after {
			t.Errorf("%q: a second teacher is needed: %t", step.value, after)
		}
		expect(t, w.teacher.Get(open), http.StatusOK, step.says)
	}
	if acts := w.acts(tomas, string(b.ID)); !slices.Equal(acts[2:], []badges.Action{badges.EndorsementAsked, badges.EndorsementDropped}) {
		t.Errorf("acts %v", acts)
	}
}

// TestProposal shows a proposal to each teacher, with the possible decisions.
func TestProposal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.endorsed()
	expect(t, w.teacher.Get(at(w.teacher, b.ID, "/award")), http.StatusOK, "Propose the award")
	w.proposed(b, zoe)
	if n := len(w.awarded(b.ID)); n != 0 {
		t.Errorf("%d awards before a second teacher confirmed", n)
	}
	own := w.teacher.Get(at(w.teacher, b.ID, "?awarded=0&proposed=1"))
	expect(t, own, http.StatusOK, "One award waits for a second teacher.", "Waiting for a second teacher", "Zoë D’Alembert", "you,", "An excellent talk.", "Take my own back",
		"Another teacher of the course has to decide on what you proposed yourself.")
	expectNot(t, own, "Confirm the ticked ones", "Refuse the ticked ones")
	others := w.colleague.Get(at(w.colleague, b.ID, ""))
	expect(t, others, http.StatusOK, "Zoë D’Alembert Tomás Ó Briain , 1 March 2026", "Confirm the ticked ones", "Refuse the ticked ones")
	expectNot(t, others, "Take my own back", "you,")
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	expect(t, french.Get(at(french, b.ID, "")), http.StatusOK, "En attente d’une seconde personne qui enseigne", "Confirmer celles qui sont cochées")
	expect(t, w.teacher.Get(at(w.teacher, b.ID, "/award")), http.StatusOK, "Zoë D’Alembert Proposed already, waits for a second teacher")
	again := w.colleague.Post(at(w.colleague, b.ID, "/award"), url.Values{"do": {"award"}, "learner": {string(zoe)}})
	expect(t, again, http.StatusOK, "Nobody was awarded the badge.", "Proposed already, waits for a second teacher")
}

// TestDecide decides about one proposal. A second teacher can confirm or refuse it, and
// the teacher who made it can take it back.
func TestDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := w.as(page.Session{User: "5", Teacher: true})
	tests := []struct {
		name     string
		by       *webtest.Browser
		decision string
		off      bool // the badge was switched off meanwhile
		status   int  // 0: success
		says     string
		awarded  bool
		waits    bool
		act      badges.Action
	}{
		{name: "confirm", by: w.colleague, decision: "confirm", awarded: true, act: badges.AwardConfirmed},
		{name: "refuse", by: w.colleague, decision: "refuse", act: badges.AwardRefused},
		{name: "take back", by: w.teacher, decision: "take_back", act: badges.ProposalTakenBack},
		{name: "confirm the own", by: w.teacher, decision: "confirm", status: http.StatusForbidden, says: "You proposed this award yourself", waits: true},
		{name: "refuse the own", by: w.teacher, decision: "refuse", status: http.StatusForbidden, says: "You proposed this award yourself", waits: true},
		{name: "take back another's", by: w.colleague, decision: "take_back", status: http.StatusForbidden, says: "You may not do this.", waits: true},
		{name: "confirm as somebody who does not teach", by: stranger, decision: "confirm", status: http.StatusForbidden, says: "This page is for those who teach the course.", waits: true},
		{name: "refuse as somebody who does not teach", by: stranger, decision: "refuse", status: http.StatusForbidden, says: "This page is for those who teach the course.", waits: true},
		{name: "confirm for a badge that is off", by: w.colleague, decision: "confirm", off: true, status: http.StatusConflict, says: "Only a badge that is switched on can be awarded by hand.", waits: true},
		{name: "refuse for a badge that is off", by: w.colleague, decision: "refuse", off: true, act: badges.AwardRefused},
		{name: "an unknown decision", by: w.colleague, decision: "maybe", status: http.StatusUnprocessableEntity, says: "The form could not be read.", waits: true},
		{name: "no decision", by: w.colleague, status: http.StatusUnprocessableEntity, says: "The form could not be read.", waits: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := w.endorsed()
			p := w.proposed(b, zoe)
			if tt.off {
				w.turn(b, badges.Off)
			}
			got := decide(tt.by, b, tt.decision, p.ID)
			if tt.status == 0 {
				awarded := 0
				if tt.awarded {
					awarded = 1
				}
				expectGoes(t, got, at(tt.by, b.ID, fmt.Sprintf("?awarded=%d", awarded)))
			} else {
				expect(t, got, tt.status, tt.says)
			}
			a, awarded := w.awarded(b.ID)[zoe]
			if waits := len(w.proposals(b.ID)) == 1; waits != tt.waits || awarded != tt.awarded {
				t.Errorf("it waits: %t, is awarded: %t", waits, awarded)
			}
			if f, _ := a.ByHand(); awarded && (f.By != tomas || f.ConfirmedBy != nina || a.ID != p.ID) {
				t.Errorf("awarded by %s, confirmed by %s", f.By, f.ConfirmedBy)
			}
			if acts := w.acts(tt.by.Who.User, string(p.ID)); tt.act != "" && !slices.Contains(acts, tt.act) {
				t.Errorf("acts %v, want %s", acts, tt.act)
			}
		})
	}
}

// TestDecideSeveral decides about ticked proposals. It passes over the reader's own,
// and those that were decided meanwhile.
func TestDecideSeveral(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, other := w.endorsed(), w.endorsed()
	first, second, foreign := w.proposed(b, zoe), w.proposed(b, angel), w.proposed(other, zoe)
	expectGoes(t, decide(w.colleague, b, "confirm"), at(w.colleague, b.ID, "?awarded=0"))
	expectGoes(t, decide(w.colleague, b, "confirm", foreign.ID, "1"), at(w.colleague, b.ID, "?awarded=0"))
	if n := len(w.proposals(other.ID)); n != 1 {
		t.Errorf("%d proposals of another badge, want 1", n)
	}
	mine := w.colleague.Post(at(w.colleague, b.ID, "/award"), url.Values{"do": {"award"}, "learner": {string(chloe)}})
	expect(t, mine, http.StatusSeeOther)
	var ids []badges.AssertionID
	for _, p := range w.proposals(b.ID) {
		ids = append(ids, p.ID)
	}
	expectGoes(t, decide(w.colleague, b, "confirm", ids...), at(w.colleague, b.ID, "?awarded=2"))
	if awarded := w.awarded(b.ID); len(awarded) != 2 || awarded[zoe].ID != first.ID || awarded[angel].ID != second.ID {
		t.Errorf("%d awards, want those of the other teacher", len(awarded))
	}
	expectGoes(t, decide(w.colleague, b, "confirm", first.ID), at(w.colleague, b.ID, "?awarded=0"))

	many := make([]badges.AssertionID, 51)
	expect(t, decide(w.colleague, b, "confirm", many...), http.StatusUnprocessableEntity, "The form could not be read.")
}

// TestProposalOutdated shows why a proposal cannot be confirmed any more. It stays, and
// can be refused.
func TestProposalOutdated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.endorsed()
	p, awarded := w.proposed(b, zoe), w.proposed(b, angel)
	w.has(b, angel, badges.Pending)
	w.lms.members[2].Active = false
	w.save()
	got := w.colleague.Get(at(w.colleague, b.ID, ""))
	expect(t, got, http.StatusOK, "Zoë D’Alembert Suspended, or no longer in the course")
	if strings.Contains(got.Body, `value="`+string(awarded.ID)+`"`) {
		t.Error("a proposal for a learner who has the badge is still there")
	}
	expectGoes(t, decide(w.colleague, b, "confirm", p.ID, awarded.ID), at(w.colleague, b.ID, "?awarded=0"))
	if list := w.proposals(b.ID); len(list) != 1 || list[0].ID != p.ID || len(w.awarded(b.ID)) != 1 {
		t.Errorf("%d proposals, %d awards, want one of each", len(list), len(w.awarded(b.ID)))
	}
}

// TestManyProposals shows only some of many proposals, and those for learners who left
// the course too.
func TestManyProposals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.endorsed()
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		for i := range 52 {
			p := badges.Proposal{
				ID: badges.AssertionID(fmt.Sprintf("00000000-0000-4000-8000-%012d", i)), Course: b.Course, Badge: b.ID,
				User: badges.UserID(fmt.Sprint("left ", i)), ProposedBy: nina, ProposedAt: tx.Now(),
			}
			if _, err := tx.AddProposal(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	expect(t, w.teacher.Get(at(w.teacher, b.ID, "")), http.StatusOK, "2 more wait; they show once these are decided.", "left 0", "None given")
}

// TestOutcomeInAddress ignores numbers in the address that are not counts.
func TestOutcomeInAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	for _, n := range []string{"", "0", "-5", "x", "99999999999999999999"} {
		got := w.teacher.Get(at(w.teacher, b.ID, "?"+url.Values{"awarded": {n}, "proposed": {n}}.Encode()))
		expect(t, got, http.StatusOK, "Exploration On")
		expectNot(t, got, "The badge was awarded to", "waits for a second teacher", "wait for a second teacher")
	}
}
