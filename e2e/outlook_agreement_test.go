package e2e_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// mixture is a course with many combinations of learners and badges: a badge without
// steps, one that is valid for a month, one that passes over retroactive learners, and
// a ladder of three steps, one of them valid for a month.
type mixture struct {
	*demo
	*calendar

	random *rand.Rand
	list   []badges.Badge
}

var mixed = []struct {
	name        string
	percent     float64
	months      int
	after       string
	retroactive badges.Retroactive
}{
	{"Seul", 40, 0, "", badges.RetroactiveNotify},
	{"Mensuel", 60, 1, "", badges.RetroactiveNotify},
	{"Nouveau", 50, 0, "", badges.RetroactiveNone},
	{"Échelon-1", 40, 0, "", badges.RetroactiveNotify},
	{"Échelon-2", 60, 1, "Échelon-1", badges.RetroactiveNotify},
	{"Échelon-3", 80, 0, "Échelon-2", badges.RetroactiveNotify},
}

func newMixture(t *testing.T, seed uint64) *mixture {
	t.Helper()
	m := &mixture{calendar: &calendar{}, random: rand.New(rand.NewPCG(seed, 0))}
	m.demo = newDemoIn(t, campus.Faults{}, app.DemoConfig{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: m.now})
	serveCampus(t, m.demo)
	must(t, m.Seed(t.Context()))
	m.serveWeb(t)
	seeded, ids := m.seededBadge(t), map[string]badges.BadgeID{}
	must(t, m.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		if err := tx.SwitchBadge(t.Context(), seeded.Course, seeded.ID, badges.Off, "3"); err != nil {
			return err
		}
		for _, of := range mixed {
			content := seeded.Current.Content
			content.Name, content.ValidMonths = of.name, of.months
			content.Rule = badges.Rule{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz", Percent: of.percent}
			b, err := tx.CreateBadge(t.Context(), seeded.Course, content, "3")
			if err != nil {
				return err
			}
			ids[of.name] = b.ID
			if of.after != "" {
				err = tx.SetStep(t.Context(), b.Course, b.ID, ids[of.after], "3")
			}
			err = errors.Join(err, tx.SetRetroactive(t.Context(), b.Course, b.ID, of.retroactive, "3"), tx.SwitchBadge(t.Context(), b.Course, b.ID, badges.On, "3"))
			if err != nil {
				return err
			}
			m.list = append(m.list, b)
		}
		return nil
	}))
	return m
}

// live lets time pass. Learners get grades, are awarded badges, claim or decline them,
// lose them, or are passed over.
func (m *mixture) live(t *testing.T) {
	t.Helper()
	for _, days := range []int{45, 20, 0} {
		for _, p := range m.Campus.Learners() {
			if m.random.IntN(2) == 0 {
				percent := float64(m.random.IntN(101))
				must(t, m.Campus.SetGrade(p.ID, quiz, &percent))
			}
			if days == 0 {
				continue // no award is made with the last grades
			}
			for i := range m.list {
				if m.random.IntN(4) == 0 {
					m.happen(t, m.list[i], badges.UserID(fmt.Sprint(p.ID)))
				}
			}
		}
		m.jump(days)
	}
}

// happen awards a badge and sometimes does more with the award, or marks the learner as
// passed over.
func (m *mixture) happen(t *testing.T, b badges.Badge, user badges.UserID) {
	t.Helper()
	a := badges.Assertion{
		ID: badges.AssertionID(uuid.NewString()), Course: b.Course, Badge: b.ID, Version: b.Current.ID, User: user, State: badges.Pending, Salt: "s",
		Recipient: badges.Recipient{Name: "x", Email: "x@example.org"}, Facts: []badges.Fact{{Kind: badges.ActivityGrade, Activity: "3", Source: "test"}},
	}
	what := m.random.IntN(9)
	must(t, m.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Holding(t.Context(), b.Course, b.ID, user)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if what == 0 {
			return tx.PassOver(t.Context(), b, []badges.UserID{user})
		}
		made, err := m.demo.awards().AwardSilently(t.Context(), tx, []badges.Assertion{a})
		if err != nil || made == 0 {
			return err
		}
		switch what {
		case 1:
			_, err = m.demo.awards().Decline(t.Context(), tx, a.ID)
		case 2:
			_, err = m.demo.awards().TakeBack(t.Context(), tx, a.Course, a.Badge, a.ID, "3", "x")
		case 3:
			err = m.demo.awards().Review(t.Context(), tx, award.Review{Course: a.Course, Badge: a.Badge, Lost: []badges.AssertionID{a.ID}, Withdraw: "x"})
		case 4, 5, 6, 7:
			_, err = m.demo.awards().Claim(t.Context(), tx, a.ID, false, false)
		}
		if err == nil && what == 6 {
			_, err = m.demo.awards().MakePrivate(t.Context(), tx, a.ID)
		}
		if err == nil && what == 7 {
			err = m.demo.awards().Erase(t.Context(), tx, a.ID)
		}
		return err
	}))
}

// awards returns all awards so far, by id, as learner and badge.
func (m *mixture) awards(t *testing.T) map[badges.AssertionID]string {
	t.Helper()
	made := map[badges.AssertionID]string{}
	for _, b := range m.list {
		list, err := m.App.Store().AssertionsOfBadge(t.Context(), b.Course, b.ID)
		must(t, err)
		for _, a := range list {
			made[a.ID] = string(a.User) + " " + b.Current.Name
		}
	}
	return made
}

// TestPagesAndRunsAgree checks that the teacher's preview, the learners' pages and the
// next reading agree, in a course with all these combinations.
func TestPagesAndRunsAgree(t *testing.T) {
	t.Parallel()
	courses := uint64(3)
	if long() {
		courses = 40
	}
	for seed := range courses {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			m := newMixture(t, seed)
			m.live(t)
			teacher := m.visitor()
			session := teacher.launch(t, 3)
			previews := map[string]seen{} // by learner and badge
			for _, b := range m.list {
				body := teacher.get(t, session+"/badges/"+string(b.ID)+"/preview").Body.String()
				for _, p := range m.Campus.Learners() {
					if in, of := find(body, p.Name()); of {
						previews[fmt.Sprintf("%d %s", p.ID, b.Current.Name)] = in
					}
				}
			}
			count := map[badges.Standing]int{}
			for _, p := range m.Campus.Learners() {
				body := teacher.get(t, fmt.Sprintf("%s/learners/%d", session, p.ID)).Body.String()
				for _, b := range m.list {
					said, shown := previews[fmt.Sprintf("%d %s", p.ID, b.Current.Name)]
					if !shown {
						continue
					}
					count[said.standing]++
					if got, want := section(body, b.Current.Name), sectionFor(said); got != want {
						t.Errorf("%s has %s under %q, want %q: the preview says %s, %s", p.Name(), b.Current.Name, got, want, said.standing, said.text)
					}
				}
			}
			if count[badges.Earns] == 0 || count[badges.Holds] == 0 || count[badges.Above] == 0 || count[badges.Cannot] == 0 || len(count) < 6 {
				t.Errorf("not everything has happened: %v", count)
			}
			before := m.awards(t)
			must(t, m.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
				return tx.RequestSync(t.Context(), m.list[0].Course, badges.ByTeacher)
			}))
			m.work(t)
			m.readTwice(t)
			made := map[string]bool{}
			for id, what := range m.awards(t) {
				if _, old := before[id]; !old {
					made[what] = true
				}
			}
			for what, said := range previews {
				if made[what] != (said.standing == badges.Earns) {
					t.Errorf("%s: awarded %v, and the preview said %s, %s", what, made[what], said.standing, said.text)
				}
			}
		})
	}
}

const toEarn, others = "À obtenir", "Autres badges de ce cours"

// sectionFor returns the section of the learner's page in which a badge must be, after
// what the preview says; empty for none.
func sectionFor(said seen) string {
	switch said.standing {
	case badges.Above:
		return ""
	case badges.Holds:
		if strings.Contains(said.text, "Pour l’obtenir à nouveau") {
			return toEarn
		}
		return ""
	case badges.Cannot:
		if strings.Contains(said.text, "A refusé le badge") || strings.Contains(said.text, "Révoqué") {
			return "" // it is with the earned badges
		}
		return others
	default:
		return toEarn
	}
}

var (
	sectionHead = regexp.MustCompile(`<h2 class="h4">([^<]*)</h2>`)
	nextStep    = regexp.MustCompile(`(?s)<div class="next-step">.*?</div>\s*(?:<details|</div>)`)
)

// section returns the section of the learner's page that has a badge; empty for none.
// The next step of an earned badge is shown with that badge.
func section(body, name string) string {
	parts := sectionHead.FindAllStringSubmatchIndex(body, -1)
	for i, part := range parts {
		title, end := body[part[2]:part[3]], len(body)
		if i+1 < len(parts) {
			end = parts[i+1][0]
		}
		text := body[part[1]:end]
		if title != toEarn && title != others {
			title, text = toEarn, strings.Join(nextStep.FindAllString(text, -1), "")
		}
		if strings.Contains(text, name) {
			return title
		}
	}
	return ""
}
