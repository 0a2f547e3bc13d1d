package teacher_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestPreview shows the progress of every learner towards a badge, read now. Teachers
// are left out.
func TestPreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	claimed := w.has(b, chloe, badges.Claimed)
	got := w.teacher.Get(at(w.teacher, b.ID, "/preview"))
	expect(t, got, http.StatusOK,
		"1 would get it now Zoë D’Alembert", "1 already has it Chloé Martin Claimed since", "1 is close Ángel Núñez", "so far 60%",
		"1 is not there yet Nora Sansadresse", "1 cannot get it Jean Suspendu Suspended, or no longer in the course")
	expectNot(t, got, "Tomás", "Nina", "With this change")
	if !strings.Contains(got.Body, `href="`+at(w.teacher, b.ID, "/recipients/"+string(claimed.ID))+`"`) {
		t.Error("there is no link to the award of a learner who has the badge")
	}
	if diff := cmp.Diff([]badges.Subject{quiz.Subject(), report.Subject()}, w.lms.asked[:2]); diff != "" {
		t.Errorf("other subjects were read (-want +got):\n%s", diff)
	}
	// The reading is stored.
	e, _, err := w.Store.Evidence(t.Context(), w.World.Course, nora)
	if o := e.Of(quiz.Subject()); err != nil || o.Grade == nil || o.Grade.Raw != 0 {
		t.Errorf("the store has %v of Nora: %v", o, err)
	}

	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	expect(t, french.Get(at(french, b.ID, "/preview")), http.StatusOK, "1 l’obtiendrait maintenant Zoë D’Alembert", "1 ne peut pas l’obtenir")
}

// TestPreviewOfNobody checks that the preview says if there are no learners.
func TestPreviewOfNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lms.members = people()[:2]
	expect(t, w.teacher.Get(at(w.teacher, w.on("Exploration", both).ID, "/preview")), http.StatusOK, "There is no learner in this course yet.")
}

// TestPreviewProblem checks that the preview says why nothing can be decided.
func TestPreviewProblem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.teacher.Get(at(w.teacher, w.on("Gone", gone).ID, "/preview"))
	expect(t, got, http.StatusOK, "The activity “Old forum” is no longer in this course.", "Zoë D’Alembert")
	w.lms.err = down
	got = w.teacher.Get(at(w.teacher, w.on("Exploration", both).ID, "/preview"))
	expect(t, got, http.StatusOK, downText)
	expectNot(t, got, "Zoë", "There is no learner")
}

// class adds n learners with points in the quiz, who did not do the report.
func (w *world) class(n int, points float64) {
	for i := range n {
		user := badges.UserID(fmt.Sprintf("1%03d", i))
		w.lms.members = append(w.lms.members, badges.Member{User: user, Name: fmt.Sprintf("Learner %03d", i), Email: string(user) + "@u.example", Active: true})
		w.lms.met(user, points, false)
	}
}

// TestPreviewPages requests further pages of a standing. They show the same reading,
// and the LMS is not read again.
func TestPreviewPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.class(30, 18)
	b := w.on("Exploration", both)
	path := at(w.teacher, b.ID, "/preview")
	first := w.teacher.Get(path)
	expect(t, first, http.StatusOK, "31 are close Ángel Núñez", "Learner 000", "Learner 023", "Show more")
	expectNot(t, first, "Learner 024")
	w.lms.err = down
	second := w.teacher.Get(path + "?standing=close&skip=25")
	expect(t, second, http.StatusOK, "Learner 024", "Learner 029")
	expectNot(t, second, "Learner 023", "Ángel", "Zoë", "Show more", downText)
	for query, texts := range map[string][]string{
		"standing=close&skip=0": {"Ángel Núñez", "Learner 023", "Show more"}, "standing=close&skip=99999": nil, "standing=nonsense&skip=0": nil,
	} {
		got := w.teacher.Get(path + "?" + query)
		expect(t, got, http.StatusOK, texts...)
		if texts == nil {
			expectNot(t, got, "Learner", "Zoë")
		}
	}
	for _, skip := range []string{"-1", "", "x", "99999999999999999999"} {
		expect(t, w.teacher.Get(path+"?standing=close&skip="+skip), http.StatusUnprocessableEntity, "The form could not be read.")
	}
}

// TestPreviewForm shows the preview of the rule in the form. For a saved badge it also
// shows the changes.
func TestPreviewForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.teacher.Who.Path("/badges/preview")
	saved := w.on("Exploration", both)
	asks := func(badge badges.BadgeID, percent string) webtest.Answer {
		return upload(t, w.teacher, path, with(w.typed(), url.Values{"badge": {string(badge)}, "percent": {percent}}))
	}
	tests := []struct {
		name    string
		badge   badges.BadgeID
		percent string
		says    []string
		omitted []string
	}{
		{"a new badge", "", "80", []string{"1 would get it now Zoë D’Alembert", "1 is close Ángel Núñez", "2 are not there yet Chloé Martin"}, []string{"With this change"}},
		{"the same learners", saved.ID, "90", []string{"With this change the same learners would get it.", "1 would get it now Zoë D’Alembert"}, nil},
		{"more learners", saved.ID, "60", []string{"With this change one more learner would get it: Ángel Núñez", "2 would get it now"}, []string{"no longer get it"}},
		{"fewer learners", saved.ID, "95", []string{"With this change one learner would no longer get it: Zoë D’Alembert"}, []string{"more learner", "would get it now"}},
		{"a rule that is wrong", saved.ID, "0", []string{"Give a percentage above 0 and at most 100 for each grade."}, []string{"Zoë", "There is no learner"}},
	}
	before := w.everything()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := asks(tt.badge, tt.percent)
			expect(t, got, http.StatusOK, tt.says...)
			expectNot(t, got, tt.omitted...)
		})
	}
	// Awards are shown without links, because leaving the form loses its content.
	a := w.has(saved, chloe, badges.Pending)
	got := asks(saved.ID, "80")
	expect(t, got, http.StatusOK, "1 already has it Chloé Martin Waiting for an answer since")
	if strings.Contains(got.Body, string(a.ID)) {
		t.Error("a link leaves the form")
	}
	w.lms.err = down
	expect(t, asks(saved.ID, "80"), http.StatusOK, downText)
	further := upload(t, w.teacher, path, with(w.typed(), url.Values{"standing": {"not_yet"}, "skip": {"0"}}))
	expect(t, further, http.StatusOK, "Chloé Martin")
	expectNot(t, further, "Zoë", downText)
	after := w.everything()
	if diff := cmp.Diff(before.Audit, after.Audit); diff != "" || len(before.Badges) != len(after.Badges) {
		t.Errorf("a preview changed something (-before +after):\n%s", diff)
	}
}

// TestPreviewOfStrangers is an attack: a teacher sends a form with a course, or with a
// badge of a course, that they do not teach, to see how learners do there. Nothing of
// it is read.
func TestPreviewOfStrangers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.anotherCourse("66")
	stranger := badges.CourseKey{Platform: w.World.Course.Platform, Context: "99"}
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.SeeCourse(ctx, badges.Course{CourseKey: stranger, Title: "Course of others"})
	})
	theirs := w.draftIn(stranger, w.World.Badge.Current.Content)
	saved := w.on("Exploration", both)
	grade := badges.Subject{Kind: badges.CourseGrade, Course: "99"}
	w.lms.findings.Note(zoe, grade, badges.Observation{Read: true, Grade: &badges.Grade{Raw: 7, Max: 20}})
	tests := []struct {
		name, condition, says string
		asks                  bool // the LMS is read
	}{
		{"a course that the teacher teaches too", "course_grade::66", "Zoë D’Alembert", true},
		{"a course of others", "course_grade::99", "is not one you teach. Open Insigne in it once, or edit the rule.", false},
		{"an activity of a course of others", "activity_grade:1:99", "is not one you teach. Open Insigne in it once, or edit the rule.", false},
		{"a badge of a course of others", "badge_held:" + string(theirs.ID), "is not one of the courses you teach.", false},
	}
	for _, tt := range tests {
		for _, badge := range []badges.BadgeID{"", saved.ID} {
			t.Run(tt.name+" "+string(badge), func(t *testing.T) {
				w.lms.asked = nil
				form := with(w.typed(), url.Values{"badge": {string(badge)}, "condition": {tt.condition}})
				if strings.HasPrefix(tt.condition, "badge") {
					form["percent"] = nil
				}
				got := w.teacher.Post(w.teacher.Who.Path("/badges/preview"), form)
				expect(t, got, http.StatusOK, tt.says)
				expectNot(t, got, "so far 35%")
				if asks := w.lms.asked != nil; asks != tt.asks || !asks && got.Shows("Zoë") {
					t.Errorf("the LMS was asked about %v; the teacher reads: %s", w.lms.asked, got.Text())
				}
			})
		}
	}
}

// TestPreviewNames checks that only some of many changed learners are listed.
func TestPreviewNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.class(30, 10)
	saved := w.on("Exploration", both)
	form := with(w.typed(), url.Values{"badge": {string(saved.ID)}, "percent": {"50"}})
	got := w.teacher.Post(w.teacher.Who.Path("/badges/preview"), form)
	expect(t, got, http.StatusOK, "With this change 31 more learners would get it:", "and 21 more")
}

// TestPreviewAbove checks that learners who get a higher step instead are a group of
// their own.
func TestPreviewAbove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bronze, silver := w.on("Bronze", report), w.draft("Silver", both)
	w.stepAfter(bronze, silver)
	w.turn(silver, badges.On)
	got := w.teacher.Get(at(w.teacher, bronze.ID, "/preview"))
	expect(t, got, http.StatusOK, "1 would get it now Ángel Núñez", "1 has a higher step, or gets that one instead Zoë D’Alembert")
}

// TestPreviewOfLeaver leaves out a learner who is no longer in the course.
func TestPreviewOfLeaver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.SeeMember(ctx, w.World.Course, badges.Member{User: "11", Name: "Gone Away", Email: "gone@u.example", Active: true})
	})
	expectNot(t, w.teacher.Get(at(w.teacher, w.on("Exploration", both).ID, "/preview")), "Gone Away")
}
