package app

import (
	"bytes"
	"context"
	_ "embed" // the logo

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
)

//go:embed demo_logo.svg
var demoLogo []byte

// Seed does the first work of an administrator and a teacher: it registers the campus
// over the network, activates the tool, sets up the web services, and makes an
// organisation and a badge. The campus must be served already.
func (d *Demo) Seed(ctx context.Context) error {
	platform, err := d.Register(ctx)
	if err != nil {
		return err
	}
	course := badges.CourseKey{Platform: platform, Context: "2"}
	err = d.App.services.Save(ctx, platform, badges.Service{URL: d.CampusURL, Token: badges.Secret(d.Campus.Token())})
	if err != nil {
		return err
	}
	err = d.App.store.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.NamePlatform(ctx, platform, "Campus d’exemple"); err != nil {
			return err
		}
		return tx.SeeCourse(ctx, badges.Course{CourseKey: course, Title: "Données & société – niveau 1", Label: "BADGE101"})
	})
	if err != nil {
		return err
	}
	issuer, err := d.seedBadge(ctx, course)
	if err != nil {
		return err
	}
	return d.App.issuers.Rotate(ctx, string(issuer)) // makes its first keys
}

// Register does a real dynamic registration and presses "Activate" on the campus.
func (d *Demo) Register(ctx context.Context) (badges.PlatformID, error) {
	token, err := d.App.InvitationToken(ctx)
	if err != nil {
		return "", err
	}
	configuration, registration, err := d.Campus.RegistrationInvite()
	if err != nil {
		return "", err
	}
	platform, err := d.App.registration.Register(ctx, connect.Confirmed{Invitation: token, Configuration: configuration, Token: registration})
	if err != nil {
		return "", err
	}
	for _, client := range d.Campus.ClientIDs() {
		if err := d.Campus.Activate(client); err != nil {
			return "", err
		}
	}
	return platform, nil
}

// seedBadge makes an organisation and a badge that it awards, which is on.
func (d *Demo) seedBadge(ctx context.Context, course badges.CourseKey) (badges.IssuerID, error) {
	content := demoContent()
	ready, err := d.App.pictures.Find("summit")
	if err != nil {
		return "", err
	}
	drawn, err := ready.Picture()
	if err != nil {
		return "", err
	}
	logo, err := picture.Clean(bytes.NewReader(demoLogo))
	if err != nil {
		return "", err
	}
	content.Picture = badges.PictureHash(drawn.Hash)
	err = d.App.store.Tx(ctx, func(tx *store.Tx) error {
		for _, p := range []picture.Picture{drawn, logo} {
			if err := tx.SavePicture(ctx, p); err != nil {
				return err
			}
		}
		content.Issuer, err = tx.SaveIssuer(ctx, badges.Issuer{
			Platform: course.Platform, Name: "Université d’Exemple", URL: "https://www.example.org",
			Email: "badges@example.org", Description: "Faculté des données et de la société", Logo: badges.PictureHash(logo.Hash),
		})
		if err != nil {
			return err
		}
		const teacher = "3"
		badge, err := tx.CreateBadge(ctx, course, content, teacher)
		if err != nil {
			return err
		}
		if err := tx.SwitchBadge(ctx, course, badge.ID, badges.On, teacher); err != nil {
			return err
		}
		return tx.RequestSync(ctx, course, badges.ByTeacher)
	})
	return content.Issuer, err
}

// demoContent returns the demo's badge without picture and issuer.
func demoContent() badges.Content {
	return badges.Content{
		Name:        "Exploratrice, explorateur de données",
		Description: "Sait lire un jeu de données, poser une question juste et en rendre compte avec soin.",
		Language:    "fr",
		Rule: badges.Rule{Kind: badges.All, Of: []badges.Rule{
			{Kind: badges.CourseCompleted},
			{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz d’évaluation", Percent: 80},
		}},
		Caption: "Deux sommets enneigés, un drapeau sur le plus haut",
		Tags:    []string{"données", "esprit critique", "société"},
		Alignments: []badges.Alignment{{
			Name: "réaliser une analyse de données", Framework: "ESCO", URL: "http://data.europa.eu/esco/skill/2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f",
		}},
		Credits: 1.5, Level: 6, Hours: 40,
		Translations: []badges.Translation{{
			Language: "en", Name: "Data explorer",
			Description: "Can read a data set, ask the right question and report on it with care.",
		}},
	}
}
