package jobs_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/internal/testlength"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/store"
)

// newLadder switches on badges that follow each other, each for a higher grade in
// the quiz.
func (s *stormy) newLadder(t *testing.T, percents ...float64) []badges.Badge {
	t.Helper()
	var steps []badges.Badge
	err := s.store.Tx(t.Context(), func(tx *store.Tx) error {
		for i, percent := range percents {
			content := s.content
			content.Rule = badges.Rule{Kind: badges.All, Of: []badges.Rule{{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz", Percent: percent}}}
			b, err := tx.CreateBadge(t.Context(), s.course, content, "3")
			if err != nil {
				return err
			}
			if i > 0 {
				if err := tx.SetStep(t.Context(), s.course, b.ID, steps[i-1].ID, "3"); err != nil {
					return err
				}
			}
			steps = append(steps, b)
		}
		for _, b := range steps {
			if err := tx.SwitchBadge(t.Context(), s.course, b.ID, badges.On, "3"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// standing returns the step of a ladder that each learner has; -1 for none. It
// is an error if a learner has two.
func (s *stormy) standing(t *testing.T, steps []badges.Badge) map[badges.UserID]int {
	t.Helper()
	has := map[badges.UserID]int{}
	for i, b := range steps {
		list, err := s.store.AssertionsOfBadge(t.Context(), s.course, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			if a.State == badges.Replaced {
				continue
			}
			if other, twice := has[a.User]; twice {
				t.Errorf("%s has steps %d and %d", a.User, other, i)
			}
			has[a.User] = i
		}
	}
	return has
}

// checkLadder checks that everybody has the highest step that they meet.
func (s *stormy) checkLadder(t *testing.T, steps []badges.Badge) {
	t.Helper()
	want := map[badges.UserID]int{}
	for i, b := range steps {
		for _, u := range s.earners(t, b) {
			want[u] = i
		}
	}
	has := s.standing(t, steps)
	for u, step := range want {
		if got, any := has[u]; !any || got != step {
			t.Errorf("%s has step %d (any: %v), and earned %d", u, got, any, step)
		}
	}
	for u, step := range has {
		if _, earned := want[u]; !earned {
			t.Errorf("%s has step %d without having earned any", u, step)
		}
	}
}

// TestClimbInStorm reads a course with a ladder while calls fail and grades
// rise: in calm weather everybody has only the highest step that they meet.
func TestClimbInStorm(t *testing.T) {
	for seed := range testlength.Choose[uint64](1, 4, 100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := newStorm(t, 100+seed)
			steps := s.newLadder(t, 30, 60, 85)
			for round := range 8 {
				for i := range 3 {
					s.campus.SetFaults(s.weather(seed<<32 + uint64(10*round+i)))
					s.sync(t, s.syncer, []badges.SyncCause{badges.ByTeacher, badges.BySchedule}[i%2])
				}
				s.campus.SetFaults(campus.Faults{})
				if run := s.sync(t, s.patient, badges.ByTeacher); run.Problem != "" {
					t.Errorf("in calm weather the run fails: %s %s", run.Problem, run.Detail)
				}
				s.checkLadder(t, steps)
			}
		})
	}
}

// TestHighestStepAlone checks that a learner who earns the highest step at once
// gets only that one, and that no lower step is read for them again.
func TestHighestStepAlone(t *testing.T) {
	s := newStorm(t, 7)
	steps := s.newLadder(t, 50, 60, 70)
	best := 100.0
	s.sync(t, s.patient, badges.ByTeacher)
	members, err := s.store.Members(t.Context(), s.course)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if m.Active && !m.Teaches {
			setGrade(t, s, m.User, &best)
		}
	}
	s.sync(t, s.patient, badges.ByTeacher)
	s.checkLadder(t, steps)
	top := s.holders(t, steps[2])
	if len(top) == 0 {
		t.Fatal("nobody has the highest step")
	}
	if run := s.sync(t, s.patient, badges.BySchedule); run.Calls != 0 {
		t.Errorf("%d calls although everybody who can have it has the highest step", run.Calls)
	}

	// A new learner, in a reading of everything.
	fresh := newStorm(t, 8)
	for _, m := range members {
		if m.Active && !m.Teaches {
			setGrade(t, fresh, m.User, &best)
		}
	}
	steps = fresh.newLadder(t, 50, 60, 70)
	fresh.sync(t, fresh.patient, badges.ByTeacher)
	for i, want := range []int{0, 0, len(top)} {
		if got := fresh.holders(t, steps[i]); len(got) != want {
			t.Errorf("step %d was awarded %d times, want %d", i, len(got), want)
		}
	}
	if has := fresh.standing(t, steps); !slices.Contains(top, "6") || has["6"] != 2 {
		t.Errorf("Zoë has step %d", has["6"])
	}
}

// TestStepOff checks that a step which is off is skipped, and that learners who
// have it have the lower one too.
func TestStepOff(t *testing.T) {
	s := newStorm(t, 9)
	steps := s.newLadder(t, 30, 60, 85)
	const other = badges.UserID("7")
	low, grade := 10.0, 70.0
	setGrade(t, s, "6", &grade)
	setGrade(t, s, other, &low)
	s.sync(t, s.patient, badges.ByTeacher)
	if has := s.standing(t, steps); has["6"] != 1 {
		t.Fatalf("with 70 percent the step is %d", has["6"])
	}
	err := s.store.Tx(t.Context(), func(tx *store.Tx) error {
		return tx.SwitchBadge(t.Context(), s.course, steps[1].ID, badges.Off, "3")
	})
	if err != nil {
		t.Fatal(err)
	}
	setGrade(t, s, other, &grade)
	s.sync(t, s.patient, badges.ByTeacher)
	if _, any := s.standing(t, steps)[other]; !any {
		t.Fatalf("learner %s has none", other)
	}
	if has := s.standing(t, steps); has["6"] != 1 || has[other] != 0 {
		t.Errorf("the middle step is off: %v", has)
	}
	best := 95.0
	setGrade(t, s, "6", &best)
	s.sync(t, s.patient, badges.ByTeacher)
	if has := s.standing(t, steps); has["6"] != 2 {
		t.Errorf("with 95 percent the step is %d", has["6"])
	}
}

// TestStepChangesMeanwhile changes the highest step between the reading and the
// award: nobody gets a lower step instead, and the next run decides.
func TestStepChangesMeanwhile(t *testing.T) {
	s := newStorm(t, 11)
	steps := s.newLadder(t, 50, 90)
	best := 100.0
	setGrade(t, s, "6", &best)
	during := *s.patient
	asked := 0
	during.Now = func() time.Time {
		if asked++; asked == 2 { // the first call is at the beginning of the run, the second after the reading
			err := s.store.Tx(t.Context(), func(tx *store.Tx) error {
				return tx.SetPolicy(t.Context(), s.course, steps[1].ID, badges.TakeBack, "3")
			})
			if err != nil {
				t.Error(err)
			}
		}
		return s.patient.Now()
	}
	for _, run := range []struct {
		syncer *jobs.Syncer
		want   []int
	}{{&during, []int{0, 0}}, {s.patient, []int{0, 1}}} {
		s.sync(t, run.syncer, badges.ByTeacher)
		for i, want := range run.want {
			if got := s.holders(t, steps[i]); slices.Contains(got, "6") != (want == 1) {
				t.Errorf("step %d is held by %v", i, got)
			}
		}
	}
}

// TestFallenStep checks that when the policy withdraws a higher step, the lower
// one that is still met is awarded or restored; and the other way round.
func TestFallenStep(t *testing.T) {
	s := newStorm(t, 10)
	steps := s.newLadder(t, 30, 60)
	err := s.store.Tx(t.Context(), func(tx *store.Tx) error {
		for _, b := range steps {
			if err := tx.SetPolicy(t.Context(), s.course, b.ID, badges.TakeBack, "3"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	states := func() (list []badges.AssertionState) {
		for _, b := range steps {
			h, err := s.store.Holding(t.Context(), s.course, b.ID, "6")
			if err != nil {
				h.State = "-"
			}
			list = append(list, h.State)
		}
		return list
	}
	for i, tt := range []struct {
		grade float64
		want  []badges.AssertionState
	}{
		{90, []badges.AssertionState{"-", badges.Pending}},
		{40, []badges.AssertionState{badges.Pending, badges.Withdrawn}},
		{90, []badges.AssertionState{badges.Replaced, badges.Pending}},
		{40, []badges.AssertionState{badges.Pending, badges.Withdrawn}},
		{10, []badges.AssertionState{badges.Withdrawn, badges.Withdrawn}},
		{90, []badges.AssertionState{badges.Withdrawn, badges.Pending}},
	} {
		setGrade(t, s, "6", &tt.grade)
		for range 2 { // the second run awards after the first has withdrawn
			s.sync(t, s.patient, badges.ByTeacher)
		}
		if got := states(); !slices.Equal(got, tt.want) {
			t.Errorf("%d: with %v percent: %v, want %v", i, tt.grade, got, tt.want)
		}
	}
}

// setGrade enters a grade in the quiz.
func setGrade(t *testing.T, s *stormy, user badges.UserID, percent *float64) {
	t.Helper()
	id, err := strconv.ParseInt(string(user), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.campus.SetGrade(id, 3, percent); err != nil {
		t.Fatal(err)
	}
}
