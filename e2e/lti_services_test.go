package e2e_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/store"
)

// scoreLog records the scores that are posted to a campus.
type scoreLog struct {
	campus http.Handler
	mu     sync.Mutex
	posted []map[string]any
}

func (l *scoreLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/scores") {
		body, _ := io.ReadAll(r.Body) // a broken body fails at the campus
		var score map[string]any
		_ = json.Unmarshal(body, &score)
		l.mu.Lock()
		l.posted = append(l.posted, score)
		l.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
	}
	l.campus.ServeHTTP(w, r)
}

// of returns the scores of one learner, in the order in which they came.
func (l *scoreLog) of(user string) []map[string]any {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(l.posted), func(score map[string]any) bool { return score["userId"] != user })
}

// TestScoresAreEachLater checks that a score is sent for the award and another for the
// claim. The second has a later time, by a whole second, even if our clock was set back
// between them. Moodle accepts both (case 75).
func TestScoresAreEachLater(t *testing.T) {
	t.Parallel()
	d := newDemo(t, campus.Faults{})
	log := &scoreLog{campus: d.Campus.Handler()}
	serveCampusBehind(t, d, log)
	must(t, d.Seed(t.Context()))
	d.serveWeb(t)
	d.visitor().launch(t, 6)
	v := d.visitor()
	page := v.launch(t, 3) + "/badges/" + string(d.seededBadge(t).ID)
	csrf := v.token(t, page)
	for path, form := range map[string]url.Values{"/column": {"column": {"on"}}, "/award": {"do": {"award"}, "learner": {"6"}, "text": {evidenceText}}} {
		form.Set("csrf", csrf)
		if w := v.post(t, page+path, form); w.Code != http.StatusSeeOther {
			t.Fatalf("%s is answered %d: %s", path, w.Code, said(w))
		}
	}
	d.work(t)
	award := d.assertions(t, "6")[0]
	noted := func() time.Time {
		at, err := d.App.Store().ScoredAt(t.Context(), award)
		must(t, err)
		return at
	}
	eventually(t, "the first score", func() bool { return !noted().IsZero() })
	ahead := noted().Add(time.Minute) // as if our clock had been set back since then
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error { return tx.ScoreSent(t.Context(), award.ID, ahead, "") }))
	d.visitor().post(t, d.claimLink(t, award.ID), url.Values{"decision": {"accept"}})
	eventually(t, "the second score", func() bool { return noted().After(ahead) })
	scores := log.of("6")
	if len(scores) != 2 {
		t.Fatalf("%d scores, want 2: %v", len(scores), scores)
	}
	for i, s := range scores {
		if s["scoreGiven"] != 100.0 || s["scoreMaximum"] != 100.0 || s["gradingProgress"] != "FullyGraded" || s["activityProgress"] != "Completed" {
			t.Errorf("score %d = %v", i, s)
		}
	}
	second, err := time.Parse(time.RFC3339Nano, scores[1]["timestamp"].(string))
	if err != nil || second.Unix() <= ahead.Unix() {
		t.Errorf("the second score is of %v, the first of %v: %v", second, ahead, err)
	}
	if link, _ := scores[1]["comment"].(string); scores[0]["comment"] != nil || !strings.Contains(link, "/v/"+string(award.ID)) {
		t.Errorf("comments: %v and %q", scores[0]["comment"], link)
	}
	if _, comment, ok := d.Campus.Score(6, d.seededBadge(t).Current.Name); !ok || !strings.Contains(comment, "/v/") {
		t.Errorf("the gradebook says %q", comment)
	}
}

// TestKeysAreServed fetches the key set as an LMS does. It has the current key and the
// next one, without private parts (case 91).
func TestKeysAreServed(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	w := d.visitor().get(t, "/lti/jwks.json")
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal(w.Body.Bytes(), &set); err != nil || w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s, %v", w.Code, w.Header().Get("Content-Type"), err)
	}
	keys, err := d.App.LTIKeys(t.Context())
	must(t, err)
	if len(set.Keys) != len(keys) || len(keys) == 0 {
		t.Fatalf("%d keys are served of %d", len(set.Keys), len(keys))
	}
	for i, key := range set.Keys {
		for member := range key {
			if !strings.Contains(" kid kty alg use n e ", " "+member+" ") {
				t.Errorf("key %d shows %q", i, member)
			}
		}
		if key["kid"] != keys[i].ID || key["alg"] != "RS256" || key["kty"] != "RSA" || key["use"] != "sig" {
			t.Errorf("key %d = %v", i, key)
		}
	}
}

// TestConnectionIsTested presses the administrator's button that checks what an LMS
// grants. The campus refuses an assertion that it has seen before, that has another
// audience, or whose time is in the future. A token is reused (case 81).
func TestConnectionIsTested(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	d.visitor().launch(t, 3)
	admin := d.admin(t)
	page := "/admin/platforms/" + string(d.platform(t))
	form := url.Values{"csrf": {admin.csrf(t, page)}}
	for language, words := range map[string][]string{
		"en": {"Access granted", "Roster: 13 people", "Gradebook: 1 column"},
		"fr": {"Accès accordé", "Liste : 13 personnes", "Carnet de notes : 1 colonne"},
	} {
		w := admin.post(t, page+"/connection?lang="+language, form)
		text := said(w)
		if w.Code != http.StatusOK || strings.Contains(text, "problem.") {
			t.Errorf("%s: %d %s", language, w.Code, text)
		}
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("%s: %q is missing: %s", language, word, text)
			}
		}
	}
	if n := d.Campus.Calls()["token"]; n != 4 {
		t.Errorf("%d tokens were asked for, want one for each scope", n)
	}
}
