package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// TestAfterTheAward checks each row of the table in docs/after-the-award.md. Zoë has
// the demo's badge.
func TestAfterTheAward(t *testing.T) {
	t.Parallel()
	const zoe = 6
	low := 10.0
	lower := func(t *testing.T, d *demo, user int64) {
		must(t, d.Campus.SetGrade(user, quiz, &low))
	}
	for name, tt := range map[string]struct {
		policy  badges.Policy
		claimed bool
		happens func(t *testing.T, d *demo)
		state   badges.AssertionState // the state of Zoë's award at the end
		listed  bool                  // the teacher has to decide about the award
	}{
		"grade corrected, pending, ask":              {badges.AskTeacher, false, func(t *testing.T, d *demo) { lower(t, d, zoe) }, badges.Pending, true},
		"grade corrected, pending, withdraw":         {badges.TakeBack, false, func(t *testing.T, d *demo) { lower(t, d, zoe) }, badges.Withdrawn, false},
		"grade corrected, claimed, withdraw":         {badges.TakeBack, true, func(t *testing.T, d *demo) { lower(t, d, zoe) }, badges.Claimed, true},
		"grade corrected, keep":                      {badges.KeepAwards, false, func(t *testing.T, d *demo) { lower(t, d, zoe) }, badges.Pending, false},
		"completion reset, claimed":                  {badges.AskTeacher, true, func(t *testing.T, d *demo) { must(t, d.Campus.ResetCompletion(2, zoe)) }, badges.Claimed, true},
		"the evidence comes back":                    {badges.AskTeacher, false, fallAndRise, badges.Pending, false},
		"withdrawn, then the evidence comes back":    {badges.TakeBack, false, withdrawnAndBack, badges.Pending, false},
		"withdrawn by the teacher, then it's earned": {badges.TakeBack, false, takenBackAndBack, badges.Withdrawn, false},
		"suspended":        {badges.TakeBack, false, func(t *testing.T, d *demo) { must(t, d.Campus.SetEnrolmentSuspended(zoe, true)) }, badges.Pending, false},
		"unenrolled":       {badges.TakeBack, true, func(t *testing.T, d *demo) { must(t, d.Campus.Unenrol(2, zoe)) }, badges.Claimed, false},
		"account deleted":  {badges.TakeBack, false, func(t *testing.T, d *demo) { must(t, d.Campus.DeleteAccount(zoe)) }, badges.Pending, false},
		"activity deleted": {badges.TakeBack, false, func(_ *testing.T, d *demo) { d.Campus.DeleteActivity(quiz) }, badges.Pending, false},
		"rule changed":     {badges.TakeBack, false, changeRule, badges.Pending, false},
		"switched off, then the grade is corrected": {badges.TakeBack, false, switchOff, badges.Pending, false},
		"course copied": {badges.TakeBack, false, func(_ *testing.T, d *demo) { d.Campus.CopyCourse() }, badges.Pending, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := runningDemo(t)
			eventually(t, "the award", func() bool { return len(d.assertions(t, "6")) == 1 })
			if tt.claimed {
				d.visitor().post(t, d.claimPath(t, zoesMail), url.Values{"decision": {"accept"}})
			}
			d.setPolicy(t, tt.policy)
			tt.happens(t, d)
			d.readTwice(t)
			if got := d.assertions(t, "6"); len(got) != 1 || got[0].State != tt.state {
				t.Errorf("assertions = %+v, want one %s", got, tt.state)
			}
			if got := d.listed(t, "6"); got != tt.listed {
				t.Errorf("listed for the teacher = %v, want %v", got, tt.listed)
			}
			if tt.state == badges.Pending { // a pending award can always be claimed
				w := d.visitor().post(t, d.claimPath(t, zoesMail), url.Values{"decision": {"accept"}})
				if got := d.assertions(t, "6")[0]; got.State != badges.Claimed {
					t.Errorf("claiming is answered %d, and the award is %s", w.Code, got.State)
				}
			}
		})
	}
}

func fallAndRise(t *testing.T, d *demo) {
	low, high := 10.0, 92.0
	must(t, d.Campus.SetGrade(6, quiz, &low))
	eventually(t, "the fall", func() bool { return d.listed(t, "6") })
	must(t, d.Campus.SetGrade(6, quiz, &high))
}

// withdrawnAndBack lets the policy withdraw the award, then raises the grade again. The
// learner gets a second notice.
func withdrawnAndBack(t *testing.T, d *demo) {
	low, high := 10.0, 95.0
	mails := func() int { return d.mailsTo(zoesMail) }
	eventually(t, "the first mail", func() bool { return mails() == 1 })
	must(t, d.Campus.SetGrade(6, quiz, &low))
	eventually(t, "the withdrawal", func() bool { return d.assertions(t, "6")[0].State == badges.Withdrawn })
	must(t, d.Campus.SetGrade(6, quiz, &high))
	eventually(t, "the award", func() bool { return d.assertions(t, "6")[0].State == badges.Pending })
	eventually(t, "the second mail", func() bool { return mails() == 2 })
	for _, f := range d.assertions(t, "6")[0].Facts {
		if f.Activity == "3" && f.Percent != high {
			t.Errorf("the fact of the award is %v %%, want %v", f.Percent, high)
		}
	}
}

// takenBackAndBack has a teacher take the award back while its evidence is lost. Then
// the evidence returns.
func takenBackAndBack(t *testing.T, d *demo) {
	d.setPolicy(t, badges.AskTeacher)
	low, high := 10.0, 95.0
	must(t, d.Campus.SetGrade(6, quiz, &low))
	eventually(t, "the question", func() bool { return d.listed(t, "6") })
	a := d.assertions(t, "6")[0]
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		_, err := d.awards().TakeBack(t.Context(), tx, a.Course, a.Badge, a.ID, "3", "Copie")
		return err
	}))
	must(t, d.Campus.SetGrade(6, quiz, &high))
}

func changeRule(t *testing.T, d *demo) {
	badge := d.seededBadge(t)
	content := badge.Current.Content
	content.Rule = badges.Rule{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz", Percent: 100}
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.EditBadge(t.Context(), badge.Course, badge.ID, content, "3")
		return err
	}))
}

func switchOff(t *testing.T, d *demo) {
	badge := d.seededBadge(t)
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		return tx.SwitchBadge(t.Context(), badge.Course, badge.ID, badges.Off, "3")
	}))
	low := 10.0
	must(t, d.Campus.SetGrade(6, quiz, &low))
}

// TestCourseReset deletes all completions at once. Then no policy withdraws anything.
func TestCourseReset(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	d.setPolicy(t, badges.TakeBack)
	d.Campus.CompleteEverybody()
	badge := d.seededBadge(t)
	awarded := func() map[badges.UserID]badges.AssertionState { return d.holders(t, badge.ID) }
	eventually(t, "everybody's award", func() bool { return len(awarded()) >= 8 })
	before := len(awarded())
	for user := range awarded() {
		number := int64(0)
		for _, c := range user {
			number = number*10 + int64(c-'0')
		}
		must(t, d.Campus.ResetCompletion(2, number))
	}
	eventually(t, "the question to the teacher", func() bool {
		lost, err := d.App.Store().WithLostEvidence(t.Context(), badge.Course, badge.ID, 1000)
		return err == nil && len(lost) > before/2
	})
	d.readTwice(t)
	withdrawn := 0
	for _, state := range awarded() {
		if state == badges.Withdrawn {
			withdrawn++
		}
	}
	// The policy may have withdrawn some of them before the reset was complete.
	if withdrawn > before/2 {
		t.Errorf("%d of %d were withdrawn by a reset", withdrawn, before)
	}
}

// TestTeacherDecides keeps one award without its evidence, and takes another back. The
// reason is public.
func TestTeacherDecides(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	eventually(t, "the award", func() bool { return len(d.assertions(t, "6")) == 1 })
	d.visitor().post(t, d.claimPath(t, zoesMail), url.Values{"decision": {"accept"}})
	low := 10.0
	must(t, d.Campus.SetGrade(6, quiz, &low))
	eventually(t, "the question", func() bool { return d.listed(t, "6") })
	v := d.visitor()
	badge := v.launch(t, 3) + "/badges/" + string(d.seededBadge(t).ID)
	if text := said(v.get(t, badge)); !strings.Contains(text, "Rien ne se passe avant votre décision") || !strings.Contains(text, "10 % pour l’instant") {
		t.Errorf("the teacher reads %s", text)
	}
	award := badge + "/recipients/" + string(d.assertions(t, "6")[0].ID)
	csrf := v.csrf(t, badge)
	if w := v.post(t, award+"/take-back", url.Values{"csrf": {csrf}, "reason": {" "}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", w.Code)
	}
	student := d.visitor()
	stolen := student.launch(t, 7) + award[strings.Index(award, "/badges/"):]
	if w := student.post(t, stolen+"/take-back", url.Values{"csrf": {csrf}, "reason": {"x"}}); w.Code != http.StatusForbidden {
		t.Errorf("a learner takes an award back: %d", w.Code)
	}
	if w := v.post(t, award+"/keep", url.Values{"csrf": {csrf}}); w.Code != http.StatusSeeOther {
		t.Fatalf("keep: %d %s", w.Code, said(w))
	}
	d.readTwice(t)
	if d.listed(t, "6") {
		t.Error("the teacher is asked again")
	}
	if w := v.post(t, award+"/take-back", url.Values{"csrf": {csrf}, "reason": {"Copie d’un autre travail"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("take back: %d %s", w.Code, said(w))
	}
	public := "/v/" + string(d.assertions(t, "6")[0].ID)
	if w := d.visitor().get(t, public); w.Code != http.StatusOK || !strings.Contains(said(w), "Copie d’un autre travail") {
		t.Errorf("the public page: %d %s", w.Code, said(w))
	}
	if w := d.visitor().get(t, public+".json"); w.Code != http.StatusGone {
		t.Errorf("programs get %d", w.Code)
	}
	if w := v.post(t, award+"/take-back", url.Values{"csrf": {csrf}, "reason": {"again"}}); w.Code != http.StatusConflict {
		t.Errorf("taking back twice: %d", w.Code)
	}
}
