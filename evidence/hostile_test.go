package evidence_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// tampering changes the answers of Moodle on their way.
type tampering struct {
	pattern *regexp.Regexp
	answer  string
}

func (t tampering) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if err := answer.Body.Close(); err != nil {
		return nil, err
	}
	body = t.pattern.ReplaceAll(body, []byte(t.answer))
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	answer.Header.Del("Content-Length")
	return answer, nil
}

// newTamperedReader returns a reader of a campus whose answers have answer in the place of
// what pattern matches.
func newTamperedReader(t *testing.T, pattern, answer string) *evidence.Reader {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	c, err := campus.New(campus.Config{
		BaseURL: address, Now: time.Now, Rand: rand.Reader, Client: http.DefaultClient, Log: slog.New(slog.DiscardHandler), ToolURL: func() string { return "" },
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = c.Handler()
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	client := &http.Client{Transport: tampering{regexp.MustCompile(pattern), answer}}
	sites := evidence.NewSites(service{URL: address, Token: badges.Secret(c.Token())}, moodle.Config{HTTP: client})
	return evidence.NewReader(sites, nil, fakeStore{})
}

// TestHostileNames reads a course of which every name has what databases, signatures and
// XML refuse. It can be saved in both databases, and one such name does not hide the
// course from everybody.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	hostile := `\u0000\u0007\u202e\ufffe\ud800]]><script>` + strings.Repeat("字", 3000)
	reader := newTamperedReader(t, `"(fullname|name|username|email|lang|modname)":"[^"]*"`, `"$1":"`+hostile+`"`)
	reading, err := reader.Read(t.Context(), course, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(reading.Members) == 0 || len(reading.Outline.Activities) == 0 || len(reading.Outline.Groups) == 0 {
		t.Fatalf("%d members, %d activities, %d groups", len(reading.Members), len(reading.Outline.Activities), len(reading.Outline.Groups))
	}
	carried := func(text string) {
		t.Helper()
		if strings.ContainsAny(text, "\x00\a\u202e\ufffe") || utf8.RuneCountInString(text) > badges.MaxLMSName {
			t.Errorf("read %.40q, %d bytes", text, len(text))
		}
	}
	for _, m := range reading.Members {
		for _, text := range []string{m.Name, m.Username, m.Email, m.Language} {
			carried(text)
		}
		if m.Recipient().Email != "" {
			t.Errorf("%q is used as an address", m.Recipient().Email)
		}
	}
	for _, a := range reading.Outline.Activities {
		carried(a.Name)
		carried(a.Module)
		carried(a.Section)
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "client")
		storetest.Tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.SaveRoster(ctx, w.Course, reading.Members); err != nil {
				return err
			}
			return tx.SaveOutline(ctx, w.Course, reading.Outline)
		})
		a := w.Assertion(zoe)
		a.AwardedAt, a.Recipient = since, reading.Members[0].Recipient()
		storetest.Tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.InsertAssertion(ctx, a)
			return err
		})
		saved, err := s.Members(t.Context(), w.Course)
		if err != nil || len(saved) < len(reading.Members) {
			t.Errorf("%d of %d members saved: %v", len(saved), len(reading.Members), err)
		}
	})
}

// TestHostileEvidence reads grades and times that are far off. The findings, and the facts
// of an award by them, can be saved in both databases.
func TestHostileEvidence(t *testing.T) {
	t.Parallel()
	const unchanged = -1
	found := map[string]badges.Findings{}
	for _, tt := range []struct {
		name, pattern, answer string
		when                  int // year of the grade; 0: not known
	}{
		{"milliseconds", `"(gradedategraded|timecompleted)":[0-9]+`, `"$1":1795426558000`, 0},
		{"the last second of int64", `"(gradedategraded|timecompleted)":[0-9]+`, `"$1":9223372036854775807`, 0},
		{"before 1970", `"(gradedategraded|timecompleted)":[0-9]+`, `"$1":-86400`, 0},
		{"the year 2150", `"(gradedategraded|timecompleted)":[0-9]+`, `"$1":5680281600`, 2150},
		{"a huge grade", `"graderaw":[0-9.]+`, `"graderaw":1.7e308`, unchanged},
		{"a tiny grade", `"graderaw":[0-9.]+`, `"graderaw":1e-7`, unchanged},
		{"a negative grade", `"graderaw":[0-9.]+`, `"graderaw":-5`, unchanged},
		{"a huge range", `"grademax":[0-9.]+`, `"grademax":1.7e308,"grademin":-1.7e308`, unchanged},
	} {
		reading, err := newTamperedReader(t, tt.pattern, tt.answer).Read(t.Context(), course, []badges.Subject{completed, quizDone, quizGrade})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		at := reading.Findings.Of(zoe, quizGrade).At
		if tt.when > 0 && at.Year() != tt.when || tt.when == 0 && !at.IsZero() {
			t.Errorf("%s: the grade is of %s", tt.name, at)
		}
		found[tt.name] = reading.Findings
	}
	rule := badges.Rule{Kind: badges.Any, Of: []badges.Rule{{Kind: badges.ActivityGrade, Activity: quiz, Percent: 1e-9}, {Kind: badges.CourseCompleted}}}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "client")
		for name, findings := range found {
			x := rule.Evaluate(findings[zoe])
			a := w.Assertion(badges.UserID(name))
			a.AwardedAt, a.Facts = since, x.Facts()
			storetest.Tx(t, s, func(ctx context.Context, tx *store.Tx) error {
				if err := tx.SaveEvidence(ctx, w.Course, findings); err != nil {
					return err
				}
				_, err := tx.InsertAssertion(ctx, a)
				return err
			})
			if saved, err := s.Assertion(t.Context(), a.ID); err != nil || len(saved.Facts) != len(a.Facts) {
				t.Errorf("%s: %d of %d facts saved: %v", name, len(saved.Facts), len(a.Facts), err)
			}
		}
	})
}
