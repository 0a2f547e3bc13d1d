package teacher_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// TestBadgePage opens the page of badges in every state.
func TestBadgePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	off := w.on("Off", report)
	w.turn(off, badges.Off)
	content := w.World.Badge.Current.Content
	content.ValidMonths, content.Criteria = 12, "Charts have legends."
	lasting := w.draftIn(w.World.Course, content)
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	tests := []struct {
		name    string
		badge   badges.Badge
		french  bool
		says    []string
		omitted []string
	}{
		{
			name: "draft", badge: w.draft("Exploration", both),
			says: []string{
				"Exploration Draft", "Awarded by U", "This badge is a draft: nobody gets it until you switch it on.", "Switch on",
				"reach at least 80% in “Final quiz” and complete “Report”", "Only a badge that is switched on can be awarded by hand.",
				"who meets the rule already gets it, without a notice", "Who would get it now", "Nobody yet.", "Make the next step", "How it is awarded",
			},
			omitted: []string{"Switch off", "If evidence falls away", "is no longer in this course", "Waiting for you", "Each award is valid", "Gradebook"},
		},
		{
			name: "on", badge: w.on("On", both),
			says:    []string{"On On", "Switch off", "You can award this badge yourself", "The evidence of every award stands.", "Ask for a second teacher’s confirmation"},
			omitted: []string{"Switch on", "This badge is a draft"},
		},
		{name: "off", badge: off, says: []string{"Off Off", "Switch on", "The evidence of every award stands."}, omitted: []string{"This badge is a draft"}},
		{name: "valid for a year", badge: lasting, says: []string{"Each award is valid for 12 months.", "Charts have legends."}},
		{name: "its activity is gone", badge: w.draft("Gone", gone), says: []string{"The activity “Old forum” is no longer in this course. Edit the rule and pick another one."}},
		{name: "by hand", badge: w.on("Hand", byHand), says: []string{"be chosen by a teacher"}, omitted: []string{"Who would get it now"}},
		{name: "in French", french: true, badge: w.on("Exploration", gone), says: []string{
			"Exploration Actif", "Décerné par U", "Désactiver", "achever « Old forum »", "Personne pour l’instant.", "« Old forum » n’est plus",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reader := w.teacher
			if tt.french {
				reader = french
			}
			got := reader.Get(at(reader, tt.badge.ID, ""))
			expect(t, got, http.StatusOK, tt.says...)
			expectNot(t, got, tt.omitted...)
		})
	}
}

// TestBadgePageUnread checks that no problem is shown with a rule before the course was
// read.
func TestBadgePageUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.SaveOutline(ctx, w.World.Course, badges.Outline{})
	})
	got := w.teacher.Get(at(w.teacher, w.draft("Exploration", both).ID, ""))
	expect(t, got, http.StatusOK, "Exploration Draft")
	expectNot(t, got, "is no longer in this course")
}

// TestSwitch switches badges on and off.
func TestSwitch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.requested()
	tests := []struct {
		name        string
		rule        badges.Rule
		from        badges.BadgeState // empty: draft
		form        url.Values
		fails       bool // the LMS does not answer
		status      int  // 0: success
		says        string
		state       badges.BadgeState
		retroactive badges.Retroactive
		acts        []badges.Action // acts of this switch
	}{
		{
			name: "on", rule: both, form: url.Values{"state": {"on"}}, state: badges.On, retroactive: badges.RetroactiveNotify,
			acts: []badges.Action{badges.RetroactiveChosen, badges.BadgeSwitchedOn},
		},
		{
			name: "on, without notices", rule: both, form: url.Values{"state": {"on"}, "earlier": {"silent"}}, state: badges.On, retroactive: badges.RetroactiveSilent,
			acts: []badges.Action{badges.RetroactiveChosen, badges.BadgeSwitchedOn},
		},
		{
			name: "on, for nobody of before", rule: both, form: url.Values{"state": {"on"}, "earlier": {"none"}}, state: badges.On, retroactive: badges.RetroactiveNone,
			acts: []badges.Action{badges.RetroactiveChosen, badges.BadgeSwitchedOn},
		},
		{name: "on by hand", rule: byHand, form: url.Values{"state": {"on"}}, state: badges.On, acts: []badges.Action{badges.RetroactiveChosen, badges.BadgeSwitchedOn}},
		{
			name: "on by hand, while the LMS does not answer", rule: byHand, fails: true, form: url.Values{"state": {"on"}}, state: badges.On,
			acts: []badges.Action{badges.RetroactiveChosen, badges.BadgeSwitchedOn},
		},
		{name: "on twice", rule: both, from: badges.On, form: url.Values{"state": {"on"}}, state: badges.On},
		{name: "off", rule: both, from: badges.On, form: url.Values{"state": {"off"}}, state: badges.Off, acts: []badges.Action{badges.BadgeSwitchedOff}},
		{name: "off, while the LMS does not answer", rule: gone, from: badges.On, fails: true, form: url.Values{"state": {"off"}}, state: badges.Off, acts: []badges.Action{badges.BadgeSwitchedOff}},
		{
			name: "its activity is gone", rule: gone, form: url.Values{"state": {"on"}}, status: http.StatusUnprocessableEntity,
			says: "The activity “Old forum” is no longer in this course.", state: badges.Draft,
		},
		{
			name: "its activity has no grade", rule: badges.Rule{Kind: badges.ActivityGrade, Activity: "18", Name: "Report", Percent: 50}, form: url.Values{"state": {"on"}},
			status: http.StatusUnprocessableEntity, says: "The activity “Report” has no grade in Moodle.", state: badges.Draft,
		},
		{name: "the LMS does not answer", rule: both, fails: true, form: url.Values{"state": {"on"}}, status: http.StatusBadGateway, says: downText, state: badges.Draft},
		{name: "an unknown choice", rule: both, form: url.Values{"state": {"on"}, "earlier": {"all"}}, status: http.StatusUnprocessableEntity, says: "The form could not be read.", state: badges.Draft},
		{name: "back to a draft", rule: both, from: badges.On, form: url.Values{"state": {"draft"}}, status: http.StatusUnprocessableEntity, says: "The form could not be read.", state: badges.On},
		{name: "an unknown state", rule: both, form: url.Values{"state": {"ON"}}, status: http.StatusUnprocessableEntity, says: "The form could not be read.", state: badges.Draft},
		{name: "no state", rule: both, status: http.StatusUnprocessableEntity, says: "The form could not be read.", state: badges.Draft},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := w.draft("Exploration", tt.rule)
			if tt.from != "" {
				w.turn(b, tt.from)
			}
			before := len(w.acts(tomas, string(b.ID)))
			w.lms.err = nil
			if tt.fails {
				w.lms.err = down
			}
			got := w.teacher.Post(at(w.teacher, b.ID, "/switch"), tt.form)
			if tt.status == 0 {
				expectGoes(t, got, at(w.teacher, b.ID, ""))
			} else {
				expect(t, got, tt.status, tt.says)
			}
			after := w.badge(b.ID)
			if after.State != tt.state || tt.retroactive != "" && after.Retroactive != tt.retroactive {
				t.Errorf("%s with the retroactive choice %s, want %s %s", after.State, after.Retroactive, tt.state, tt.retroactive)
			}
			if acts := w.acts(tomas, string(b.ID))[before:]; !slices.Equal(acts, tt.acts) {
				t.Errorf("acts %v, want %v", acts, tt.acts)
			}
			if read := w.requested(); read != (tt.status == 0) {
				t.Errorf("the course is read: %t", read)
			}
		})
	}
}

// TestSwitchOnOfItself refuses a badge that asks for itself, because nobody could earn
// it.
func TestSwitchOnOfItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.draft("Exploration", both)
	content := b.Current.Content
	content.Rule = badges.Rule{Kind: badges.BadgeHeld, Badge: b.ID, Name: "Exploration"}
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.EditBadge(ctx, w.World.Course, b.ID, content, tomas)
		return err
	})
	got := w.teacher.Post(at(w.teacher, b.ID, "/switch"), url.Values{"state": {"on"}})
	expect(t, got, http.StatusUnprocessableEntity, "The badge “Exploration” is not one of the courses you teach.")
	if state := w.badge(b.ID).State; state != badges.Draft {
		t.Errorf("the badge is %s", state)
	}
}

// TestSwitchHigher switches on the higher steps with a badge, if the teacher wants it.
// If one cannot be switched on, none is.
func TestSwitchHigher(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		top    badges.Rule
		form   url.Values
		status int
		states []badges.BadgeState // states of the three steps
	}{
		{"alone", both, url.Values{"state": {"on"}}, 0, []badges.BadgeState{badges.On, badges.Draft, badges.Draft}},
		{"all", both, url.Values{"state": {"on"}, "higher": {"on"}, "earlier": {"silent"}}, 0, []badges.BadgeState{badges.On, badges.On, badges.On}},
		{"one cannot be met", gone, url.Values{"state": {"on"}, "higher": {"on"}}, http.StatusUnprocessableEntity, []badges.BadgeState{badges.Draft, badges.Draft, badges.Draft}},
		{"off", both, url.Values{"state": {"off"}, "higher": {"on"}}, 0, []badges.BadgeState{badges.Off, badges.Draft, badges.Draft}},
	}
	w := newWorld(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bronze, silver, gold := w.draft("Bronze", report), w.draft("Silver", quiz), w.draft("Gold", tt.top)
			w.stepAfter(bronze, silver)
			w.stepAfter(silver, gold)
			expect(t, w.teacher.Get(at(w.teacher, bronze.ID, "")), http.StatusOK, "Switch on the higher steps too: Silver, Gold")
			got := w.teacher.Post(at(w.teacher, bronze.ID, "/switch"), tt.form)
			if want := max(tt.status, http.StatusSeeOther); got.Status != want {
				t.Errorf("status %d, want %d: %s", got.Status, want, got.Text())
			}
			var states []badges.BadgeState
			for _, b := range []badges.Badge{bronze, silver, gold} {
				b = w.badge(b.ID)
				states = append(states, b.State)
				if b.State == badges.On && strings.Contains(tt.name, "all") && b.Retroactive != badges.RetroactiveSilent {
					t.Errorf("%s was switched on with the retroactive choice %s", b.Current.Name, b.Retroactive)
				}
			}
			if !slices.Equal(states, tt.states) {
				t.Errorf("states %v, want %v", states, tt.states)
			}
		})
	}
}
