package learner_test

import (
	"context"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// badgeNamed makes another badge in the world's course and switches it on.
func badgeNamed(t *testing.T, s *webtest.Site, name string, rule badges.Rule) badges.Badge {
	t.Helper()
	content := s.World.Badge.Current.Content
	content.Name, content.Rule = name, rule
	var b badges.Badge
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) (err error) {
		if b, err = tx.CreateBadge(ctx, s.World.Course, content, "3"); err != nil {
			return err
		}
		return tx.SwitchBadge(ctx, s.World.Course, b.ID, badges.On, "3")
	})
	return b
}

// completed and graded return conditions; subject returns what a condition asks about.
func completed(id, name string) badges.Rule {
	return badges.Rule{Kind: badges.ActivityCompleted, Activity: badges.ActivityID(id), Name: name}
}

func graded(id, name string, percent float64) badges.Rule {
	return badges.Rule{Kind: badges.ActivityGrade, Activity: badges.ActivityID(id), Name: name, Percent: percent}
}

func subject(kind badges.RuleKind, id string) badges.Subject {
	return badges.Subject{Kind: kind, ID: id}
}

// TestProgress shows a learner's progress towards a badge, to the learner and to a
// teacher.
func TestProgress(t *testing.T) {
	t.Parallel()
	report, quiz := completed("8", "Report"), graded("7", "Quiz", 80)
	both := badges.Rule{Kind: badges.All, Of: []badges.Rule{quiz, report}}
	done, undone := badges.Observation{Read: true, Done: true, At: webtest.Day}, badges.Observation{Read: true}
	halfWay := badges.Evidence{subject(badges.ActivityCompleted, "8"): done, subject(badges.ActivityGrade, "7"): {Read: true, Grade: &badges.Grade{Raw: 12, Max: 20}}}
	active := badges.Member{User: "6", Name: "Zoë", Email: "zoe@example.org", Active: true}
	tooLate := report
	tooLate.Until = webtest.Day.AddDate(0, 0, -1)
	for _, tt := range []struct {
		name     string
		rule     badges.Rule
		member   func(*badges.Member)
		evidence badges.Evidence
		says     []string // texts for the learner
		teacher  []string // texts for a teacher; empty: the same
		lacks    []string
	}{
		{
			name: "nothing was read yet", rule: both,
			says:  []string{"Still to earn", "Medal", "0%", "reach at least 80% in “Quiz” not read yet", "complete “Report” not read yet"},
			lacks: []string{"as read on", "Earned"},
		},
		{
			name: "half way", rule: both, evidence: halfWay,
			says:  []string{"Still to earn", "Medal", "Still to do: reach at least 80% in “Quiz” so far 60%", "Done: complete “Report”", "Your results as read on 1 March 2026, 09:30 UTC."},
			lacks: []string{"Other badges"},
		},
		{
			name: "nothing is done", rule: both, evidence: badges.Evidence{subject(badges.ActivityCompleted, "8"): undone, subject(badges.ActivityGrade, "7"): undone},
			says: []string{"Still to earn", "0%", "reach at least 80% in “Quiz” no grade yet", "Still to do: complete “Report”"},
		},
		{
			name: "Moodle does not tell", rule: report, evidence: badges.Evidence{subject(badges.ActivityCompleted, "8"): {Why: "unknown.activity_hidden"}},
			says: []string{"Still to earn", "Unknown: complete “Report” Moodle does not show this activity’s completion"},
		},
		{
			name: "all is done", rule: report, evidence: badges.Evidence{subject(badges.ActivityCompleted, "8"): done},
			says: []string{"Still to earn", "100%", "Done: complete “Report”"},
		},
		{
			name: "too late", rule: tooLate, evidence: badges.Evidence{subject(badges.ActivityCompleted, "8"): undone},
			says: []string{"Other badges of this course", "The time to earn this badge is over."}, teacher: []string{"Other badges of this course", "Medal"},
			lacks: []string{"Still to earn", "%"},
		},
		{
			name: "suspended", rule: report, member: func(m *badges.Member) { m.Active = false },
			says: []string{"Other badges of this course", "You are suspended in this course, or no longer in it."}, teacher: []string{"Other badges of this course"},
			lacks: []string{"Still to earn"},
		},
		{
			name: "without an address", rule: report, member: func(m *badges.Member) { m.Email = "" },
			says: []string{"Still to earn"}, teacher: []string{"Still to earn"}, lacks: []string{"Other badges of this course"},
		},
		{
			name: "a teacher's own page", rule: report, member: func(m *badges.Member) { m.Teaches = true },
			says: []string{"You teach this course. Its badges are for the people who follow it."}, teacher: []string{"Other badges of this course"},
			lacks: []string{"Still to earn"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			medal := badgeNamed(t, s, "Medal", tt.rule)
			member := active
			if tt.member != nil {
				tt.member(&member)
			}
			s.SaveArrival(t, member)
			if tt.evidence != nil {
				courseWasRead(t, s, badges.Findings{"6": tt.evidence, "7": {subject(badges.ActivityCompleted, "8"): done}})
			}
			own, teacher := s.Open(t, page.Session{User: "6"}), s.Open(t, page.Session{User: "3", Teacher: true})
			got, shown := own.Get(own.Who.Path("/mine/"+string(medal.ID))), teacher.Get(teacher.Who.Path("/learners/6"))
			if !got.Shows(tt.says...) {
				t.Errorf("the learner reads %s", got.Text())
			}
			if tt.teacher == nil {
				tt.teacher = tt.says
			}
			if !shown.Shows(tt.teacher...) || shown.Shows("You ") {
				t.Errorf("a teacher reads %s", shown.Text())
			}
			for _, text := range tt.lacks {
				if got.Shows(text) {
					t.Errorf("says %q: %s", text, got.Text())
				}
			}
		})
	}
}

// TestOnlyBadgesThatAreOn checks that only badges that are on are shown, and never
// drafts.
func TestOnlyBadgesThatAreOn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	enrol(t, s, "6")
	b := s.Open(t, page.Session{User: "6"})
	read := func() webtest.Answer { return b.Get(b.Who.Path("/mine")) }
	draft := s.World.Draft(t, s.Store)
	if got := read(); strings.Count(got.Body, "in-progress") != 1 {
		t.Errorf("with a draft: %s", got.Text())
	}
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
		return tx.SwitchBadge(ctx, s.World.Course, s.World.Badge.ID, badges.Off, "3")
	})
	if got := read(); !got.Shows("No badge here yet", "Your teacher has not switched on a badge in this course.") {
		t.Errorf("switched off: %s", got.Text())
	}
	if got := b.Get(b.Who.Path("/mine/" + string(draft.ID))); !got.Shows("No badge here yet") {
		t.Errorf("a draft by its address: %s", got.Text())
	}
}

// TestNearestFirst checks that the badge that the learner is closest to comes first.
func TestNearestFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	enrol(t, s, "6")
	for _, b := range []struct{ name, activity string }{{"Far", "1"}, {"Near", "2"}, {"Middle", "3"}} {
		badgeNamed(t, s, b.name, graded(b.activity, "Quiz", 100))
	}
	grade := func(raw float64) badges.Observation {
		return badges.Observation{Read: true, Grade: &badges.Grade{Raw: raw, Max: 100}}
	}
	courseWasRead(t, s, badges.Findings{"6": {
		subject(badges.ActivityGrade, "1"): grade(10), subject(badges.ActivityGrade, "2"): grade(90), subject(badges.ActivityGrade, "3"): grade(50),
		subject(badges.CourseCompleted, ""): {Read: true},
	}})
	b := s.Open(t, page.Session{User: "6"})
	got := b.Get(b.Who.Path("/mine")).Body
	near, middle, far := strings.Index(got, ">Near<"), strings.Index(got, ">Middle<"), strings.Index(got, ">Far<")
	if near < 0 || near > middle || middle > far {
		t.Errorf("near at %d, middle at %d, far at %d", near, middle, far)
	}
	if !strings.Contains(got, `<progress max="100" value="90"`) {
		t.Errorf("no progress of 90%%: %s", got)
	}
}

// TestJury checks that the page says that a teacher decides. It says the same if the
// learner's award is withheld.
func TestJury(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	enrol(t, s, "6")
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
		return tx.SetJury(ctx, s.World.Course, s.World.Badge.ID, true, "3")
	})
	b := s.Open(t, page.Session{User: "6"})
	before := b.Get(b.Who.Path("/mine"))
	if !before.Shows("Still to earn", "A teacher decides who gets this badge.") {
		t.Errorf("%s", before.Text())
	}
	withheld := s.World.Assertion("6")
	withheld.State = (&badges.Badge{Jury: true}).FirstState()
	s.Award(t, withheld)
	if after := b.Get(b.Who.Path("/mine")); after.Body != before.Body {
		t.Errorf("the page shows a withheld award:\n%s\nbefore:\n%s", after.Text(), before.Text())
	}
}

// TestNextStep checks that the next step is shown with the step that the learner has,
// and names the steps after it.
func TestNextStep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	enrol(t, s, "6")
	rename := func(b badges.Badge, name string, rule badges.Rule) {
		content := b.Current.Content
		content.Name, content.Rule = name, rule
		storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.EditBadge(ctx, s.World.Course, b.ID, content, "3")
			return err
		})
	}
	silver := s.World.NextStep(t, s.Store, s.World.Badge.ID)
	gold := s.World.NextStep(t, s.Store, silver.ID)
	rename(silver, "Silver", completed("8", "Report"))
	rename(gold, "Gold", completed("9", "Talk"))
	b := s.Open(t, page.Session{User: "6"})
	if got := b.Get(b.Who.Path("/mine")); !got.Shows("Still to earn Badge", "After that: Silver → Gold") {
		t.Errorf("without a step: %s", got.Text())
	}
	bronze := s.Award(t, s.World.Assertion("6"))
	s.Claim(t, bronze.ID, false, false)
	if got := b.Get(b.Who.Path("/mine")); !got.Shows("Earned Badge", "Next step: Silver", "complete “Report”", "After that: Gold") || got.Shows("Still to earn") {
		t.Errorf("with the first step: %s", got.Text())
	}
	s.TakeBack(t, bronze)
	if got := b.Get(b.Who.Path("/mine")); !got.Shows("Revoked", "Still to earn Silver", "After that: Gold") || got.Shows("Next step:") {
		t.Errorf("with the first step revoked: %s", got.Text())
	}
}

// TestMemberOfAnotherCourse checks that a session in a course without the person ends
// in an error page, and not in somebody else's badges.
func TestMemberOfAnotherCourse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Award(t, s.World.Assertion("6"))
	b := s.Open(t, page.Session{User: "6"})
	if got := b.Get(b.Who.Path("/mine")); got.Status != 404 {
		t.Errorf("a person who is not in the course: %d", got.Status)
	}
	c := s.Open(t, page.Session{User: "6", Course: badges.CourseKey{Platform: s.World.Course.Platform, Context: "no such course"}})
	if got := c.Get(c.Who.Path("/mine")); got.Status != 404 || got.Shows("Badge") {
		t.Errorf("an unknown course: %d %s", got.Status, got.Text())
	}
}
