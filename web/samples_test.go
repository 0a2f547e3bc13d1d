package web

import (
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/templates"
)

var (
	sampleDay   = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	sampleWho   = Session{Handle: "sample", Title: "Introduction à la science des données", CSRF: "token"}
	sampleAdmin = adminSession{CSRF: "token"}
	sampleID    = "0195a1f0-0000-7000-8000-000000000001"
)

// sampleShelf makes the samples of one language.
type sampleShelf struct {
	locale   templates.Locale
	pictures []picture.Ready
	server   *Server
}

// samples returns pages by name; what follows a dot tells variants apart.
func samples(set *templates.Set, library *picture.Library, locale templates.Locale) map[string]templates.Page {
	const base = "https://badges.lutece.example"
	s := sampleShelf{locale: locale, pictures: library.All(), server: &Server{Config: Config{
		Pictures: library, Templates: set, Now: func() time.Time { return sampleDay },
		Registration: connect.NewRegistration(nil, connect.Invitations{}, nil, connect.Client(base+LaunchPath, base+set.Asset("icon.svg"))),
		BaseURL:      base, Links: credential.NewAddresses(base, credential.ClaimLinks{}),
	}}}
	pages := map[string]templates.Page{}
	for _, group := range []map[string]templates.Page{s.teacher(), s.byHand(), s.learner(), s.public(), s.admin(), s.lti()} {
		for name, page := range group {
			if page.Path == "" {
				page.Path = "/sample"
			}
			pages[name] = page
		}
	}
	return pages
}

func (s sampleShelf) hash(i int) badges.PictureHash {
	return badges.PictureHash(s.pictures[i].Picture.Hash)
}

func (s sampleShelf) issuer() badges.Issuer {
	return badges.Issuer{
		ID: "1", Name: "Université de Lutèce", URL: "https://www.lutece.example", Email: "badges@lutece.example",
		Description: "Service de la formation",
	}
}

func (s sampleShelf) rule() badges.Rule {
	return badges.Rule{Kind: badges.All, Of: []badges.Rule{
		{Kind: badges.ActivityGrade, Activity: "7", Name: "Quiz final", Percent: 80},
		{Kind: badges.ActivityCompleted, Activity: "8", Name: "Compte rendu"},
	}}
}

func (s sampleShelf) version(i int, name string) badges.Version {
	return badges.Version{Content: badges.Content{
		Name: name, Language: "fr", Picture: s.hash(i), Issuer: "1", Rule: s.rule(),
		Description: "Sait lire, nettoyer et représenter un jeu de données, et en discuter les limites.",
		Criteria:    "Les graphiques sont légendés,\nles sources sont citées.",
	}}
}

func (s sampleShelf) view(i int, name string) badgeView {
	v := s.version(i, name)
	return badgeView{
		Name: v.Name, Description: v.Description, Criteria: v.Criteria, Rule: v.Rule.Describe(s.locale), Language: "fr", ValidMonths: 12,
		Picture: s.server.Links.Picture(v.Picture), Issuer: s.issuer(),
	}
}

func (s sampleShelf) goneProblem() string {
	rule := s.rule()
	return message(rule.CheckAgainst(&badges.Outline{}), s.locale)
}

func (s sampleShelf) sentence() string {
	rule := s.rule()
	return rule.Describe(s.locale)
}

// learners are decided for, so that their explanations are the real ones.
func (s sampleShelf) outlook(name string, grade float64, completed bool, last badges.Holding) *badges.Outlook {
	e := badges.Evidence{
		{Kind: badges.ActivityGrade, ID: "7"}:     {Known: true, Grade: &badges.Grade{Raw: grade, Max: 20}},
		{Kind: badges.ActivityCompleted, ID: "8"}: {Known: true, Done: completed},
	}
	m := badges.Member{User: "1", Name: name, Email: "x@lutece.example", Active: name != "Jean Suspendu"}
	b := badges.Badge{State: badges.On, Current: badges.Version{Content: badges.Content{Rule: s.rule()}}}
	o := badges.Case{Badge: &b, Member: m, Evidence: e, Last: last}.Outlook(sampleDay)
	return &o
}

func (s sampleShelf) preview() previewData {
	data := previewData{}
	never := badges.Holding{}
	lasting := badges.Holding{Assertion: "a2", State: badges.Claimed, AwardedAt: sampleDay.AddDate(0, -11, -20), EvidenceUntil: sampleDay.AddDate(0, -11, -20), ExpiresAt: sampleDay.AddDate(0, 0, 10)}
	for _, outlooks := range [][]*badges.Outlook{
		{s.outlook("Zoë D’Alembert", 18, true, never), s.outlook("مريم الفاسي", 16, true, never)},
		{s.outlook("Ángel Núñez-O’Brien", 15.5, true, never)},
		{s.outlook("Chloé Martin", 4, false, never)},
		{s.outlook("Jean Suspendu", 18, true, never), s.outlook("Nora", 18, true, badges.Holding{Assertion: "a3", State: badges.Declined, AwardedAt: sampleDay})},
		{s.outlook("Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", 18, true, badges.Holding{Assertion: "a1", State: badges.Pending, AwardedAt: sampleDay}), s.outlook("Éloïse", 18, true, lasting)},
	} {
		group := previewGroup{Standing: outlooks[0].Standing, Count: len(outlooks)}
		for _, o := range outlooks {
			group.Learners = append(group.Learners, previewed(o, "/x/", sampleDay, s.locale))
		}
		data.Groups = append(data.Groups, group)
	}
	return data
}

// nestedRule has groups inside a group.
func (s sampleShelf) nestedRule() badges.Rule {
	return badges.Rule{Kind: badges.All, Of: []badges.Rule{
		{Kind: badges.ActivityCompleted, Activity: "8", Name: "Compte rendu"},
		{Kind: badges.Any, Of: []badges.Rule{
			{Kind: badges.ActivityGrade, Activity: "7", Name: "Quiz final", Percent: 80},
			{Kind: badges.All, Of: []badges.Rule{
				{Kind: badges.GroupMember, Group: "4", Name: "Groupe A"},
				{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{
					{Kind: badges.ActivityPassed, Activity: "9", Name: "Atelier de visualisation, avec une présentation orale devant la promotion"},
					{Kind: badges.CourseGrade, Percent: 60, Until: sampleDay},
					{Kind: badges.BadgeHeld, Badge: "b", Name: "Premiers pas"},
				}},
			}},
		}},
		{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{
			{Kind: badges.ActivityCompleted, Activity: "1", Name: "Forum"},
			{Kind: badges.ActivityCompleted, Activity: "2", Name: "Glossaire"},
			{Kind: badges.ActivityCompleted, Activity: "3", Name: "Wiki"},
		}},
	}}
}

func (s sampleShelf) nestedView(i int, name string) badgeView {
	view, rule := s.view(i, name), s.nestedRule()
	view.Rule = rule.Describe(s.locale)
	return view
}

// nested is where somebody stands with it.
func (s sampleShelf) nested() []criterion {
	rule := s.nestedRule()
	x := rule.Evaluate(badges.Evidence{
		{Kind: badges.ActivityCompleted, ID: "8"}: {Known: true},
		{Kind: badges.ActivityGrade, ID: "7"}:     {Known: true, Grade: &badges.Grade{Raw: 12, Max: 20}},
		{Kind: badges.GroupMember, ID: "4"}:       {Known: true, Done: true},
		{Kind: badges.ActivityCompleted, ID: "9"}: {Known: true, Done: true},
		{Kind: badges.CourseGrade}:                {Why: "unknown.grade_unsettled"},
		{Kind: badges.BadgeHeld, ID: "b"}:         {Known: true},
		{Kind: badges.ActivityCompleted, ID: "1"}: {Known: true, Done: true},
		{Kind: badges.ActivityCompleted, ID: "2"}: {Known: true},
		{Kind: badges.ActivityCompleted, ID: "3"}: {Known: true, Done: true},
	})
	return criteria(&x, s.locale)
}

var (
	sampleValid = validity{ExpiresAt: sampleDay.AddDate(1, 0, 0)}
	sampleOver  = validity{ExpiresAt: sampleDay, Expired: true}
)

func (s sampleShelf) outline() *badges.Outline {
	return &badges.Outline{
		Activities: []badges.Activity{
			{ID: "7", Name: "Quiz final", Graded: true, Completion: true},
			{ID: "8", Name: "Compte rendu de projet, avec les données brutes en annexe", Graded: true, Completion: true},
			{ID: "9", Name: "Lecture", Completion: true},
		},
		Groups: []badges.Group{{ID: "4", Name: "Groupe A"}},
		Badges: []badges.NamedBadge{{ID: "b", Name: "Premiers pas"}},
		Others: map[badges.ContextID]*badges.Outline{"3": {Title: "Statistiques, seconde partie"}},
	}
}

func (s sampleShelf) form() badgeFormData {
	content := s.version(1, "Exploration de données").Content
	content.Rule.Of = append(content.Rule.Of, badges.Rule{Kind: badges.ActivityCompleted, Activity: "99", Name: "Devoir supprimé"})
	content.Rule.Of = append(content.Rule.Of, badges.Rule{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{
		{Kind: badges.CourseGrade, Percent: 60, Until: sampleDay}, {Kind: badges.GroupMember, Group: "4", Name: "Groupe A"}, {Kind: badges.BadgeHeld, Badge: "b", Name: "Premiers pas"},
	}})
	return badgeFormData{
		Badge: "x", Content: content, Rule: ruleForm(content.Rule, offers(s.outline(), content.Rule, s.locale)), Issuers: []badges.Issuer{s.issuer()},
		Pictures: s.server.pictureChoices(content.Picture, s.locale), Action: "/x", Back: "/y",
	}
}

func (s sampleShelf) course(run *badges.SyncRun) badges.Course {
	return badges.Course{CourseKey: badges.CourseKey{Context: "2"}, Title: sampleWho.Title, Label: "BADGE101", Sync: badges.SyncState{Last: run}}
}

func (s sampleShelf) teacher() map[string]templates.Page {
	row := func(i int, name string, state badges.BadgeState, counts badges.Counts) badgeRow {
		return badgeRow{
			Badge: badges.Badge{State: state, Current: s.version(i, name)}, Counts: counts, Picture: s.server.Links.Picture(s.hash(i)),
			Rule: s.sentence(), Path: "/x",
		}
	}
	step := func(n int, r badgeRow) badgeRow {
		r.Step, r.Steps = n, 3
		return r
	}
	list := badgeListData{
		Course: s.course(&badges.SyncRun{EndedAt: sampleDay, Learners: 12, Awarded: 2, Unreadable: 1}), Ready: true,
		Offer: &takeOver{Source: "1", Title: "Données & société, 2025", Names: []string{"Exploration de données", "Engagement"}},
		Badges: []badgeRow{
			row(1, "Exploration de données", badges.On, badges.Counts{Pending: 3, Claimed: 12, Declined: 1}),
			row(4, "Premiers pas en programmation scientifique avec un nom plutôt long", badges.Draft, badges.Counts{}),
			row(6, "Engagement", badges.Off, badges.Counts{Claimed: 140}),
			step(1, row(2, "Sécurité au laboratoire, bronze", badges.On, badges.Counts{Pending: 3, Claimed: 12, Declined: 1, Replaced: 7})),
			step(2, row(2, "Sécurité au laboratoire, argent", badges.On, badges.Counts{Claimed: 7})),
			step(3, row(2, "Sécurité au laboratoire, or", badges.Draft, badges.Counts{})),
		},
	}
	failed := badgeListData{Course: s.course(&badges.SyncRun{
		EndedAt: sampleDay, Problem: moodle.FunctionMissing.Key(), Detail: "gradereport_user_get_grade_items",
	})}
	page := badgeData{
		Badge: badges.Badge{State: badges.On, Current: s.version(1, "Exploration de données")}, View: s.view(1, "Exploration de données"), Path: "/x", Gradebook: gradebook.Status{Offered: true},
		Release: releaseData{Jury: true, Undoable: 3, Held: []heldRow{{"a1", "Zoë D’Alembert", sampleDay}, {"a2", "مريم الفاسي", sampleDay}, {"a3", "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", sampleDay}}},
		Review: reviewData{Policy: badges.AskTeacher, Fallen: []fallenRow{
			{Name: "Zoë D’Alembert", State: badges.Claimed, FellAt: sampleDay, Criteria: s.preview().Groups[1].Learners[0].Criteria, Path: "/x"},
			{Name: "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", State: badges.Pending, FellAt: sampleDay, Criteria: s.preview().Groups[2].Learners[0].Criteria, Path: "/x"},
		}},
		Recipients: s.recipients(),
	}
	page.Recipients.Rows[0].By, page.Recipients.Rows[0].Given = "Tomás Ó Briain", s.given()
	proposed := page
	proposed.Badge.Endorsed, proposed.ByHand = true, s.proposals()
	proposed.Gradebook = gradebook.Status{Offered: true, Column: true, Placed: true}
	climbing := page
	climbing.Badge.State, climbing.Recipients, climbing.Release, climbing.Review = badges.Draft, recipientsData{}, releaseData{}, reviewData{}
	climbing.Steps = stepsData{Leave: true, Next: "/x", Drafts: "Argent, Or", Steps: []stepLink{
		{Name: "Bronze", Path: "/x", State: badges.Draft, Here: true}, {Name: "Argent", Path: "/x", State: badges.Draft}, {Name: "Or", Path: "/x", State: badges.Draft},
	}}
	next := s.form()
	next.Badge, next.AfterID, next.After = "", "x", &stepLink{Name: "Sécurité au laboratoire, bronze"}
	draft := page
	draft.Badge.State, draft.Recipients, draft.Problem = badges.Draft, recipientsData{}, s.goneProblem()
	searched := s.recipients()
	searched.Asked, searched.Found, searched.More = true, 2, ""
	nobody := recipientsData{Asked: true, Total: 120}
	refused := s.form()
	refused.Problem, refused.Issued = message((&badges.Content{}).Validate(), s.locale), true
	return map[string]templates.Page{
		"launch/place":                       sampleWho.page(s.locale.T("place.title", nil), placementData{Course: sampleWho.Title, Badges: list.Badges, Column: true, Action: "/x"}),
		"launch/placed":                      sampleWho.page(s.locale.T("place.title", nil), placedData{ReturnURL: "https://moodle.lutece.example/mod/lti/contentitem_return.php", JWT: "e.y.J"}),
		"teacher/badges":                     sampleWho.page(s.locale.T("teacher.badges_title", nil), list),
		"teacher/badges.failed":              sampleWho.page(s.locale.T("teacher.badges_title", nil), failed),
		"teacher/badge":                      sampleWho.page("Exploration de données", page),
		"teacher/badge.steps":                sampleWho.page("Exploration de données", climbing),
		"teacher/form.step":                  sampleWho.page(s.locale.T("step.form_title", map[string]any{"Badge": next.After.Name}), next),
		"teacher/recipient.step":             sampleWho.page("Zoë D’Alembert", s.replaced()),
		"teacher/fragment/recipients":        sampleWho.page("Exploration de données", searched),
		"teacher/fragment/recipients.nobody": sampleWho.page("Exploration de données", nobody),
		"teacher/fragment/recipients_page":   sampleWho.page("Exploration de données", s.recipients()),
		"teacher/recipient":                  sampleWho.page("Zoë D’Alembert", s.recipient()),
		"teacher/recipient.renewed":          sampleWho.page("Zoë D’Alembert", s.renewed()),
		"teacher/recipient.revoked":          sampleWho.page("مريم الفاسي", s.takenBack()),
		"teacher/badge.draft":                sampleWho.page("Exploration de données", draft),
		"teacher/form":                       sampleWho.page(s.locale.T("teacher.form_new_title", nil), s.form()),
		"teacher/form.refused":               sampleWho.page("Exploration de données", refused),
		"teacher/fragment/preview":           sampleWho.page("", s.preview()),
		"teacher/badge.proposed":             sampleWho.page("Exploration de données", proposed),
		"teacher/fragment/preview.changed": sampleWho.page("", previewData{
			Groups: []previewGroup{{Standing: badges.NotYet, Count: 212, Learners: s.preview().Groups[1].Learners, Next: 25}}, Page: "/x", Form: true,
			Changes: &previewChanges{Gained: []string{"Zoë D’Alembert", "مريم الفاسي"}, GainedCount: 12, MoreGained: 10, Lost: []string{"Jean"}, LostCount: 1},
		}),
		"teacher/fragment/preview_page":   sampleWho.page("", previewData{Groups: s.preview().Groups}),
		"teacher/fragment/preview.failed": sampleWho.page("", previewData{Problem: message(&moodle.Error{Reason: moodle.Timeout}, s.locale)}),
		"teacher/fragment/condition":      sampleWho.page("", s.form().Rule.Of[0]),
	}
}

func (s sampleShelf) learner() map[string]templates.Page {
	near := progressBadge{Percent: 80, Criteria: openCriteria(s.outlook("", 12, true, badges.Holding{}), s.locale)}
	facts := credential.Reasons(s.facts(), s.locale)
	data := myBadgesData{
		Course: sampleWho.Title, ReadAt: sampleDay,
		Earned: []earnedBadge{
			{Badge: s.view(1, "Exploration de données"), State: badges.Pending, AwardedAt: sampleDay, Facts: facts, ClaimURL: "/claim/x"},
			{Badge: s.view(6, "Engagement"), State: badges.Claimed, AwardedAt: sampleDay, ClaimURL: "/claim/x", PublicURL: "/v/x"},
			{
				validity: sampleValid, Badge: s.view(5, "Premiers secours"), State: badges.Claimed, AwardedAt: sampleDay, ClaimURL: "/claim/x", PublicURL: "/v/x",
				Earlier: []earnedBadge{{validity: sampleOver, State: badges.Claimed, AwardedAt: sampleDay.AddDate(-1, 0, 0), ClaimURL: "/claim/y", PublicURL: "/v/y"}},
			},
			{validity: sampleOver, Badge: s.view(2, "Sécurité au laboratoire"), State: badges.Claimed, AwardedAt: sampleDay.AddDate(-1, 0, 0), ClaimURL: "/claim/x", PublicURL: "/v/x"},
			{
				Badge: s.view(6, "Lecture de graphiques, argent"), State: badges.Claimed, AwardedAt: sampleDay, ClaimURL: "/claim/x", PublicURL: "/v/x",
				Next:  &progressBadge{Badge: s.view(6, "Lecture de graphiques, or"), Percent: near.Percent, Criteria: near.Criteria, Then: []string{"Lecture de graphiques, platine", "Lecture de graphiques, diamant"}},
				Steps: []earnedBadge{{Badge: s.view(6, "Lecture de graphiques, bronze"), State: badges.Replaced, AwardedAt: sampleDay.AddDate(0, -1, 0), ClaimURL: "/claim/y", PublicURL: "/v/y"}},
			},
			{Badge: s.view(3, "Éco-geste"), State: badges.Declined, AwardedAt: sampleDay, ClaimURL: "/claim/x"},
		},
		Progress: []progressBadge{
			{Badge: s.view(4, "Programmation"), Percent: near.Percent, Criteria: near.Criteria},
			{Badge: s.view(2, "Sécurité au laboratoire"), Percent: near.Percent, Criteria: near.Criteria, Since: sampleDay.AddDate(-1, 0, 0)},
			{Badge: s.nestedView(7, "Fusée"), Percent: 10, Criteria: s.nested()},
		},
		Closed: []progressBadge{
			{Badge: s.view(3, "Premiers pas"), Why: s.locale.T(whyKey(badges.WhyPassedOver, true), nil)},
			{Badge: s.view(5, "Entraide"), Why: s.locale.T(whyKey(badges.WhyNoEmail, true), nil), Criteria: near.Criteria, Then: []string{"Entraide, argent"}},
		},
	}
	data.Own = true
	other := data
	other.subject = subject{Name: "Zoë D’Alembert", Only: badges.BadgeID(sampleID)}
	return map[string]templates.Page{
		"learner/badges":            sampleWho.page(s.locale.T("learner.title", nil), data),
		"learner/badges.other":      sampleWho.page("Zoë D’Alembert", other),
		"learner/learners":          sampleWho.page(s.locale.T("mentor.title", nil), watchedData{Course: sampleWho.Title, Learners: []watchedLearner{{"Zoë D’Alembert", "/x"}, {"مريم الفاسي", "/x"}}}),
		"learner/fragment/learners": sampleWho.page(s.locale.T("mentor.title", nil), watchedData{Learners: []watchedLearner{{"Jean", "/x"}}, More: "/x"}),
		"learner/learners.empty":    sampleWho.page(s.locale.T("mentor.title", nil), watchedData{Course: sampleWho.Title}),
		"learner/badges.empty":      sampleWho.page(s.locale.T("learner.title", nil), myBadgesData{Course: sampleWho.Title, Checking: true}),
		"learner/fragment/badges":   sampleWho.page(s.locale.T("learner.title", nil), data),
	}
}

func (s sampleShelf) public() map[string]templates.Page {
	view := s.view(1, "Exploration de données")
	claim := func(state badges.AssertionState) templates.Page {
		return templates.Page{Title: s.locale.T("claim.title", map[string]any{"Badge": view.Name}), Data: claimData{
			Badge: view, Name: "Zoë D’Alembert", Email: "zoe.dalembert@etu.lutece.example", AwardedAt: sampleDay, State: state,
			PublicURL: "/v/x", Action: "/claim/x", Given: *s.given(), Facts: credential.Reasons(s.facts(), s.locale), ShowFacts: state == badges.Claimed,
		}}
	}
	public := s.server.publicData(credential.Award{
		Assertion: badges.Assertion{
			ID: badges.AssertionID(sampleID), State: badges.Claimed, AwardedAt: sampleDay,
			Recipient: badges.Recipient{Name: "Zoë D’Alembert"}, ShowName: true,
		},
		Version: s.version(1, "Exploration de données"), Issuer: s.issuer(),
	}, s.locale)
	shown := public
	shown.Facts = credential.Reasons(s.facts(), s.locale)
	revoked := public
	public.Given = *s.given()
	revoked.Revoked, revoked.Reason, revoked.Name = true, "Décerné par erreur.", ""
	lasting, over := shown, public
	lasting.validity, lasting.Earlier = sampleValid, &chainLink{validity: sampleOver, AwardedAt: sampleDay.AddDate(-1, 0, 0), Path: "/v/y"}
	over.validity, over.Newer = sampleOver, &chainLink{validity: sampleValid, AwardedAt: sampleDay, Path: "/v/y"}
	ending := claim(badges.Claimed)
	data := ending.Data.(claimData)
	data.validity, data.Again = validity{ExpiresAt: sampleDay.AddDate(0, 0, 20)}, true
	ending.Data = data
	replaced := public
	replaced.Replaced = &stepLink{Name: "Exploration de données, or", Path: "/v/y"}
	outdone, rising := claim(badges.Replaced), claim(badges.Pending)
	data = outdone.Data.(claimData)
	data.Replaced = &stepLink{Name: "Exploration de données, or"}
	outdone.Data = data
	data = rising.Data.(claimData)
	data.Replaces = "Exploration de données, bronze"
	rising.Data = data
	problem := describe(errNoPage, s.locale)
	problem.Request = "5f1c2a9b"
	pending := describe(&lti.Error{Reason: lti.DeploymentPending}, s.locale)
	pending.Advice, pending.Request, pending.Back = s.locale.T("problem.launch_advice", nil), "5f1c2a9b", "https://lms.example/return?lti_errormsg=x"
	return map[string]templates.Page{
		"learner/public/claim":           claim(badges.Pending),
		"learner/public/claim.claimed":   claim(badges.Claimed),
		"learner/public/claim.declined":  claim(badges.Declined),
		"learner/public/claim.withdrawn": claim(badges.Withdrawn),
		"public/badge":                   {Title: view.Name, Data: public},
		"public/badge.facts":             {Title: view.Name, Data: shown},
		"learner/public/claim.ending":    ending,
		"public/badge.lasting":           {Title: view.Name, Data: lasting},
		"public/badge.expired":           {Title: view.Name, Data: over},
		"public/badge.revoked":           {Title: view.Name, Data: revoked},
		"public/badge.replaced":          {Title: view.Name, Data: replaced},
		"learner/public/claim.replaced":  outdone,
		"learner/public/claim.step":      rising,
		"public/home":                    {Title: s.locale.T("public.home_title", nil)},
		"shared/public/problem":          {Title: s.locale.T("problem.not_found_title", nil), Data: problem},
		"shared/frame/problem":           {Title: s.locale.T("problem.not_found_title", nil), Data: problem},
		"shared/frame/problem.back":      {Title: s.locale.T("problem.invalid_title", nil), Data: pending},
	}
}
