package lti_test

import (
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

func number(x float64) *float64 { return &x }

// graded returns a valid score.
func graded(at time.Time) lti.Score {
	return lti.Score{
		User: "6", Given: number(75), Maximum: 100, Activity: lti.ActivityCompleted, Grading: lti.FullyGraded, Timestamp: at,
	}
}

func TestScoresChecked(t *testing.T) { // case 75
	s := newService(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, change := range map[string]func(*lti.Score){
		"75 no user":              func(s *lti.Score) { s.User = "" },
		"75 user too long":        func(s *lti.Score) { s.User = strings.Repeat("x", 256) },
		"75 no timestamp":         func(s *lti.Score) { s.Timestamp = time.Time{} },
		"75 number, no maximum":   func(s *lti.Score) { s.Maximum = 0 },
		"75 maximum infinite":     func(s *lti.Score) { s.Maximum = math.Inf(1) },
		"75 number negative":      func(s *lti.Score) { s.Given = number(-1) },
		"75 number NaN":           func(s *lti.Score) { s.Given = number(math.NaN()) },
		"75 number infinite":      func(s *lti.Score) { s.Given = number(math.Inf(1)) },
		"75 no activity progress": func(s *lti.Score) { s.Activity = "" },
		"75 no grading progress":  func(s *lti.Score) { s.Grading = "" },
	} {
		t.Run(name, func(t *testing.T) {
			score := graded(time.Unix(1, 0))
			change(&score)
			wantReason(t, s.grades().PostScore(t.Context(), s.URL+"/items/1", score), lti.ScoreInvalid)
		})
	}
}

func TestScoreAddress(t *testing.T) { // case 73
	for address, want := range map[string]string{
		"/items/1":                 "/items/1/scores",
		"/items/1/":                "/items/1/scores",
		"/items/1?type_id=2":       "/items/1/scores?type_id=2",
		"/items/1?type_id=2&a=b?c": "/items/1/scores?type_id=2&a=b?c",
		"/items/1?":                "/items/1/scores?",
		"/it%2Fems/1?a=%20#top":    "/it%2Fems/1/scores?a=%20",
	} {
		s := newService(t, status(200, ""))
		if err := s.grades().PostScore(t.Context(), s.URL+address, graded(time.Unix(1, 0))); err != nil {
			t.Error(err)
		}
		if got := s.requests[0].URL; got != want {
			t.Errorf("73 %s: posted to %q, want %q", address, got, want)
		}
	}
}

func TestScoreBody(t *testing.T) { // case 75
	paris := time.FixedZone("", 3600)
	score := graded(time.Date(2026, 11, 23, 12, 3, 52, 7_900_000, paris))
	score.Given, score.Comment = number(0), "Votre badge"
	s := newService(t, status(204, ""))
	if err := s.grades().PostScore(t.Context(), s.URL+"/items/1", score); err != nil {
		t.Fatal(err)
	}
	want := `{"activityProgress":"Completed","comment":"Votre badge","gradingProgress":"FullyGraded","scoreGiven":0,"scoreMaximum":100,` +
		`"timestamp":"2026-11-23T11:03:52.007Z","userId":"6"}`
	if got := s.requests[0].Body; got != want {
		t.Errorf("75 sent %s, want %s", got, want)
	}
}

func TestRecordedScores(t *testing.T) { // cases 73, 75 and 76
	none := graded(time.Time{})
	none.User, none.Given = "17", nil
	of := func(user string, given, maximum float64) lti.Score {
		s := graded(time.Time{})
		s.User, s.Given, s.Maximum = user, number(given), maximum
		return s
	}
	comment := func(s lti.Score, comment string) lti.Score { s.Comment = comment; return s }
	pending := of("10", 50, 100)
	pending.Grading = lti.GradingPending
	for name, test := range map[string]struct {
		item  string
		score lti.Score
		want  lti.Reason
	}{
		"ags-score-full":                {"19", of("6", 75, 100), ""},
		"ags-score-comment":             {"19", comment(of("7", 75, 100), "Vous avez gagné « Élève d'or » <b>bold</b> https://example.org/b/1"), ""},
		"ags-score-comment-only":        {"19", comment(none, "Only a comment"), ""},
		"ags-score-coupled-zero":        {"22", of("9", 0, 100), ""},
		"ags-score-rescaled":            {"19", of("8", 8, 10), ""},
		"ags-score-above-maximum":       {"19", of("9", 130, 100), ""},
		"ags-score-pending":             {"19", pending, ""},
		"ags-score-suspended-enrolment": {"19", of("12", 75, 100), ""},
		"ags-score-suspended-account":   {"19", of("13", 75, 100), ""},
		"ags-score-same-timestamp":      {"19", of("6", 75, 100), lti.ServiceConflict},
		"ags-score-ungradable-user":     {"19", of("3", 75, 100), lti.ScoreRefused},
		"ags-score-unknown-user":        {"19", of("999999", 75, 100), lti.ScoreRefused},
		"ags-score-wrong-scope":         {"19", of("6", 75, 100), lti.ServiceForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			m := newRecorded(t, name)
			sent, _ := m.exchanges[0].Request.JSON["timestamp"].(string)
			at, err := time.Parse(time.RFC3339Nano, sent)
			if err != nil {
				t.Fatal(err)
			}
			test.score.Timestamp = at
			wantReason(t, m.grades().PostScore(t.Context(), recordedItem(test.item), test.score), test.want)
		})
	}
}
