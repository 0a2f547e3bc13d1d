package teacher_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestAwardList checks a list line by line, and awards the badge after the teacher
// confirmed.
func TestAwardList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	w.has(b, chloe, badges.Claimed)
	list := strings.Join([]string{
		"email,evidence", "ZOE@u.example,A talk", "7", "zoe", "chloe@u.example", "jean@u.example", "10", "tomas@u.example",
		"nobody@u.example", "nobody", ",evidence of nobody", "angel,a,b",
	}, "\n")
	got := w.dryRun(b, list)
	expect(t, got, http.StatusOK, "Check before awarding", "Nothing has been awarded yet.", "3 people get the badge", "Zoë D’Alembert line 2", "Ángel Núñez line 3", "Nora Sansadresse line 7",
		"8 entries are left out", "Already named in line 2", "Chloé Martin Holds the badge already", "Jean Suspendu Suspended, or no longer in the course",
		"Tomás Ó Briain Teaches this course", "nobody@u.example Nobody in this course has this e-mail address or id",
		"nobody Nobody in this course has this user name", "The first column is empty", "Has more than two columns", "Award to 3 people")
	if n := len(w.awarded(b.ID)); n != 1 {
		t.Fatalf("%d awards by a check", n)
	}

	form := sent(t, got, "carry-out-form")
	form.Set("do", "carry_out")
	done := w.teacher.Post(at(w.teacher, b.ID, "/award"), form)
	expect(t, done, http.StatusOK, "Awarded by hand", "The badge was awarded to 3 people.", "8 entries are left out", "To the badge’s page")
	awarded := w.awarded(b.ID)
	if zoes, angels := awarded[zoe].Given().Text, awarded[angel].Given().Text; len(awarded) != 4 || zoes != "A talk" || angels != "For everybody." {
		t.Errorf("%d awards, for %q and %q", len(awarded), zoes, angels)
	}

	// Sending it again awards nothing.
	again := w.teacher.Post(at(w.teacher, b.ID, "/award"), form)
	expect(t, again, http.StatusOK, "Nobody was awarded the badge.", "11 entries are left out")
	if n := len(w.awarded(b.ID)); n != 4 {
		t.Errorf("%d awards, want 4", n)
	}
}

// TestAwardListOfMany checks that a long list is shown only in part.
func TestAwardListOfMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.class(120, 0)
	w.save()
	b := w.on("Exploration", both)
	var list strings.Builder
	for i := range 120 {
		fmt.Fprintf(&list, "1%03d\n", i)
	}
	got := w.dryRun(b, list.String())
	expect(t, got, http.StatusOK, "120 people get the badge", "Learner 049 line 50", "and 70 more")
	expectNot(t, got, "Learner 050", "left out")
	form := sent(t, got, "carry-out-form")
	form.Set("do", "carry_out")
	expectGoes(t, w.teacher.Post(at(w.teacher, b.ID, "/award"), form), at(w.teacher, b.ID, "?awarded=120&proposed=0"))
	if n := len(w.awarded(b.ID)); n != 120 {
		t.Errorf("%d awards, want 120", n)
	}
}

// TestAwardListTicked reports learners who are both ticked and in the list, and shows a
// dry run if the teacher wants it.
func TestAwardListTicked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	got := w.teacher.Post(at(w.teacher, b.ID, "/award"), url.Values{"do": {"check"}, "learner": {string(zoe)}, "list": {"zoe@u.example\nangel"}})
	expect(t, got, http.StatusOK, "2 people get the badge", "One entry is left out", "Ticked already")
	french := w.teacher
	french.Language = "fr"
	got = french.Post(at(french, b.ID, "/award"), url.Values{"do": {"check"}, "learner": {string(zoe)}, "list": {"zoe@u.example"}})
	expect(t, got, http.StatusOK, "Vérifier avant de décerner", "Une personne reçoit le badge", "Déjà parmi les personnes cochées")
	got = w.teacher.Post(at(w.teacher, b.ID, "/award"), url.Values{"do": {"check"}, "learner": {string(jean)}})
	expect(t, got, http.StatusOK, "Personne ne reçoit le badge")
	if n := len(w.awarded(b.ID)); n != 0 {
		t.Errorf("%d awards by a check", n)
	}
}

// TestAwardListInterrupted continues with the rest after a batch could not be written.
func TestAwardListInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.class(150, 0)
	w.save()
	b := w.on("Exploration", both)
	batches, broken := 0, errors.New("the disk is full")
	w.handler.Awards = award.New(webtest.BaseURL, rand.Reader, func(context.Context, *store.Tx, []award.Change) error {
		if batches++; batches == 2 {
			return broken
		}
		return nil
	})
	var list strings.Builder
	for i := range 150 {
		fmt.Fprintf(&list, "1%03d\n", i)
	}
	form := url.Values{"do": {"carry_out"}, "list": {list.String()}}
	got := w.teacher.Post(at(w.teacher, b.ID, "/award"), form)
	expect(t, got, http.StatusInternalServerError, "What was awarded until then stays awarded. Press again to go on with the rest.", "50 people get the badge", "100 entries are left out")
	if n := len(w.awarded(b.ID)); n != 100 {
		t.Errorf("%d awards, want the first batch of 100", n)
	}
	if log := w.Log.String(); !strings.Contains(log, broken.Error()) || strings.Contains(got.Body, broken.Error()) {
		t.Errorf("want the cause in the log and not on the page:\n%s", log)
	}
	expect(t, w.teacher.Post(at(w.teacher, b.ID, "/award"), form), http.StatusOK, "The badge was awarded to 50 people.", "100 entries are left out")
	if n := len(w.awarded(b.ID)); n != 150 {
		t.Errorf("%d awards, want 150", n)
	}
}
