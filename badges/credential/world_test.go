package credential_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/templates"
)

const base = "https://badges.example.org"

var day = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

func sentences(t testing.TB) *templates.Set {
	t.Helper()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func documents(t testing.TB) credential.Documents {
	t.Helper()
	return credential.NewDocuments(addresses(base), sentences(t), testKeys(t))
}

// world is a Reader of the values in it.
type world struct {
	assertions map[badges.AssertionID]badges.Assertion
	versions   map[badges.VersionID]badges.Version
	issuers    map[badges.IssuerID]badges.Issuer
}

func (w world) Assertion(_ context.Context, id badges.AssertionID) (badges.Assertion, error) {
	return found(w.assertions, id)
}

func (w world) Version(_ context.Context, id badges.VersionID) (badges.Version, error) {
	return found(w.versions, id)
}

func (w world) Issuer(_ context.Context, id badges.IssuerID) (badges.Issuer, error) {
	return found(w.issuers, id)
}

func found[K comparable, V any](all map[K]V, key K) (V, error) {
	v, ok := all[key]
	if !ok {
		return v, fault.New(fault.NotFound, "problem.not_found")
	}
	return v, nil
}

// sample returns an award that its learner claimed without showing anything.
func sample(language string) credential.Award {
	return credential.Award{
		Assertion: badges.Assertion{
			ID: id, Version: "version-1", State: badges.Claimed, Salt: "salt", AwardedAt: day,
			Recipient: badges.Recipient{Name: "Zoë Ångström", Email: "zoe@example.org"},
			Facts: []badges.Fact{
				{
					Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz", Threshold: 80, Percent: 92.5,
					Grade: &badges.Grade{Raw: 18.5, Max: 20}, At: day, Source: badges.SourceGrades,
				},
				{Kind: badges.CourseCompleted, Source: "of a later version"},
			},
		},
		Version: badges.Version{ID: "version-1", Content: badges.Content{
			Name: "Bronze", Description: "Sait lire un jeu de données", Language: language, Picture: "d1ce", Issuer: "issuer-1",
			Rule: badges.Rule{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz", Percent: 80},
		}},
		Issuer: badges.Issuer{
			ID: "issuer-1", Name: "Université d’Exemple", URL: "https://www.example.org", Email: "badges@example.org", Description: "Faculté",
		},
	}
}

// with returns a sample with a changed assertion.
func with(language string, change func(a *badges.Assertion)) credential.Award {
	award := sample(language)
	change(&award.Assertion)
	return award
}

func revoked(a *badges.Assertion) { a.State, a.Reason = badges.Revoked, "Copié & <collé>" }

func replaced(from badges.AssertionState) func(*badges.Assertion) {
	return func(a *badges.Assertion) { a.State, a.ReplacedFrom, a.ReplacedBy = badges.Replaced, from, "gold" }
}

func shown(a *badges.Assertion) { a.ShowName, a.ShowFacts = true, true }

func byHand(a *badges.Assertion) {
	shown(a)
	a.Facts = []badges.Fact{{
		Kind: badges.ByHand, By: "3", At: day, Source: badges.SourceTeacher,
		Given: &badges.GivenEvidence{Text: "Un bel exposé", Links: []string{"https://example.org/a?b=1&c=2", "https://example.org/z"}},
	}}
}

// dot returns the smallest possible picture.
func dot(t *testing.T) picture.Picture {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	return picture.Picture{PNG: b.Bytes()}
}

func marshal(t *testing.T, document any) []byte {
	t.Helper()
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}
