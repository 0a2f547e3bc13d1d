package web

import (
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
)

func (s sampleShelf) given() *badges.GivenEvidence {
	return &badges.GivenEvidence{
		Text:  "Soutenance du 12 mars, devant Mme Noneditor et M. Ó Briain :\nexposé clair, réponses sûres.",
		Links: []string{"https://portfolio.lutece.example/zoe/projets/2026/exploration-de-donnees-ouvertes/rapport-final.pdf"},
	}
}

func (s sampleShelf) proposals() byHandData {
	return byHandData{Awarded: 1, Proposed: 3, Own: true, Others: true, More: 12, Proposals: []proposalRow{
		{ID: "1", Name: "Zoë D’Alembert", By: "Nina Noneditor", ProposedAt: sampleDay, Given: *s.given()},
		{ID: "2", Name: "مريم الفاسي", By: "Nina Noneditor", ProposedAt: sampleDay, Why: "cannot.suspended"},
		{ID: "3", Name: "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", Own: true, ProposedAt: sampleDay},
	}}
}

// class is a course of some size, with learners of every kind.
func (s sampleShelf) class() badges.HandStanding {
	cases := badges.Register{Holders: map[badges.BadgeID]map[badges.UserID]badges.Holding{"b": {"8": {State: badges.Pending}}}}.Cases(&badges.Badge{ID: "b"})
	standing := badges.HandStanding{Cases: cases, Proposed: map[badges.UserID]bool{"9": true}, Members: []badges.Member{
		{User: "3", Name: "Tomás Ó Briain", Email: "tomas@lutece.example", Active: true, Teaches: true},
		{User: "6", Name: "Zoë D’Alembert", Email: "zoe.dalembert@etu.lutece.example", Active: true},
		{User: "7", Name: "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", Email: "wolfgang.hohenlohe-waldenburg@etu.lutece.example", Active: true},
		{User: "8", Name: "مريم الفاسي", Email: "maryam@etu.lutece.example", Active: true},
		{User: "9", Name: "Ángel Núñez-O’Brien", Email: "angel@etu.lutece.example", Active: true},
		{User: "10", Name: "Jean Suspendu", Email: "jean@etu.lutece.example"},
		{User: "11", Name: "Nora Sansadresse", Active: true},
	}}
	for i := range 200 {
		standing.Members = append(standing.Members, badges.Member{
			User: badges.UserID(fmt.Sprint(100 + i)), Name: fmt.Sprintf("Chloé Martin %d", i), Email: fmt.Sprintf("chloe.martin%d@etu.lutece.example", i), Active: true,
		})
	}
	return standing
}

func (s sampleShelf) byHand() map[string]templates.Page {
	badge := badges.Badge{State: badges.On, Current: s.version(1, "Exploration de données")}
	form := awardForm{Query: "chloe", Picked: []badges.UserID{"6", "7"}, Text: s.given().Text, Links: s.given().Links[0]}
	award := func(form awardForm, problem string) awardData {
		return awardData{Badge: badge, Path: "/x", Form: form, Choices: choose(s.class(), form), Problem: problem}
	}
	refused := form
	refused.Query, refused.List = "nobody of this name", "zoe@lutece.example;\"Bravo"
	off := award(awardForm{}, "")
	off.Badge.State = badges.Off
	endorsed := award(awardForm{From: choicePage}, "")
	endorsed.Badge.Endorsed = true
	_, unclosed := badges.ParseHandList(refused.List)
	list := "courriel;preuve\nzoe.dalembert@etu.lutece.example;Soutenance\n100\n101\nzoe.dalembert@etu.lutece.example\nmaryam@etu.lutece.example\nangel@etu.lutece.example\n" +
		"jean@etu.lutece.example\n11\ntomas@lutece.example\npersonne@lutece.example\n=HYPERLINK(1)\n;sans nom\n100;a;b\nune-adresse-vraiment-tres-longue-de-quelqu-un-que-personne-ne-connait@departement.lutece.example\n"
	lines, err := awardForm{List: list}.lines()
	if err != nil {
		panic(err) // the sample is wrong
	}
	s.class().Match(lines)
	check := awardListData{Badge: badge, Path: "/x", Form: awardForm{List: list}}
	check.divide(lines)
	nobody, many, done, failed := check, check, check, check
	nobody.Ready, nobody.Count = nil, 0
	many.Badge.Endorsed, many.Count, many.More, many.Problems = true, 4990, 4940, nil
	done.Done, done.Awarded = true, 3
	failed.Problem = s.locale.T("problem.internal", nil)
	page := func(title string, data any) templates.Page { return sampleWho.page(s.locale.T(title, nil), data) }
	return map[string]templates.Page{
		"teacher/award":             page("byhand.title", award(form, "")),
		"teacher/award.refused":     page("byhand.title", award(refused, message(unclosed, s.locale))),
		"teacher/award.endorsed":    page("byhand.title", endorsed),
		"teacher/award.off":         page("byhand.title", off),
		"teacher/award_list":        page("byhand.check_title", check),
		"teacher/award_list.nobody": page("byhand.check_title", nobody),
		"teacher/award_list.many":   page("byhand.check_title", many),
		"teacher/award_list.done":   page("byhand.done_title", done),
		"teacher/award_list.failed": page("byhand.check_title", failed),
	}
}
