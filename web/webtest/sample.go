package webtest

import (
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

var (
	// Day is the time at which everything in the samples happened.
	Day = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	// Reader is the session of the person who opened the sample pages.
	Reader = page.Session{Handle: "sample", Title: "Introduction à la science des données", CSRF: "token"}
	// Admin is the session of the administrator who opened the sample pages.
	Admin = page.AdminSession{CSRF: "token"}
	// Valid is a validity that ends a year after Day.
	Valid = view.Validity{ExpiresAt: Day.AddDate(1, 0, 0)}
	// Expired is a validity that has ended.
	Expired = view.Validity{ExpiresAt: Day, Expired: true}
)

// ID is the id of everything in the samples.
const ID = "0195a1f0-0000-7000-8000-000000000001"

// BaseURL is the address of the installation in the samples.
const BaseURL = "https://badges.lutece.example"

// FormerBaseURL is where the site was before. Its documents keep their addresses there.
const FormerBaseURL = "https://badges.before.example"

// Sample makes the values for the sample pages of one language.
type Sample struct {
	Locale    templates.Locale
	Templates *templates.Set
	Library   *picture.Library
	Pictures  []picture.Ready
	Links     credential.Addresses
}

// Views returns a Builder whose clock always says Day.
func (s Sample) Views() view.Builder {
	return view.Builder{Links: s.Links, Now: func() time.Time { return Day }}
}

// Hash returns the hash of the i-th ready-made picture.
func (s Sample) Hash(i int) badges.PictureHash {
	return badges.PictureHash(s.Pictures[i].Hash)
}

// Issuer returns an organisation.
func (s Sample) Issuer() badges.Issuer {
	return badges.Issuer{
		ID: "1", Name: "Université de Lutèce", URL: "https://www.lutece.example", Email: "badges@lutece.example",
		Description: "Service de la formation",
	}
}

// Rule returns a rule of two conditions.
func (s Sample) Rule() badges.Rule {
	return badges.Rule{Kind: badges.All, Of: []badges.Rule{
		{Kind: badges.ActivityGrade, Activity: "7", Name: "Quiz final", Percent: 80},
		{Kind: badges.ActivityCompleted, Activity: "8", Name: "Compte rendu"},
	}}
}

// Version returns a badge version with the i-th ready-made picture.
func (s Sample) Version(i int, name string) badges.Version {
	return badges.Version{Content: badges.Content{
		Name: name, Language: "fr", Picture: s.Hash(i), Issuer: "1", Rule: s.Rule(),
		Description: "Sait lire, nettoyer et représenter un jeu de données, et en discuter les limites.",
		Criteria:    "Les graphiques sont légendés,\nles sources sont citées.",
	}}
}

// View returns Version as pages show it.
func (s Sample) View(i int, name string) view.Badge {
	v := s.Version(i, name)
	v.ValidMonths = 12
	return s.Views().BadgeOf(v, s.Issuer(), s.Locale)
}

// RichVersion returns a badge version with everything that a badge can say, as long as it
// may be.
func (s Sample) RichVersion(i int, name string) badges.Version {
	v := s.Version(i, name)
	v.Caption = "Un sommet enneigé sous une étoile, dans un écusson bleu"
	v.Tags = []string{"données ouvertes", "statistique", "visualisation", "بيانات", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"}
	v.Alignments = []badges.Alignment{
		{Name: "analyser des données", Framework: "ESCO", Code: "S2.7.0", URL: "http://data.europa.eu/esco/skill/143769ca-8b7b-4b6a-9f9b-8f9f7c8e4a11"},
		{Name: "Concevoir et réaliser des représentations graphiques adaptées à des publics variés, dans le respect des règles d’accessibilité", Framework: "RNCP", Code: "RNCP37275BC03", URL: "https://www.francecompetences.fr/recherche/rncp/37275/"},
		{Name: "Data scientist", Framework: "ROME", Code: "M1405", URL: "https://candidat.francetravail.fr/metierscope/fiche-metier/M1405"},
	}
	v.Credits, v.Level, v.Hours, v.ValidMonths = 1.5, 6, 40, 24
	v.Translations = []badges.Translation{
		{Language: "en", Name: "Data explorer", Description: "Reads, cleans and charts a data set, and discusses its limits.", Criteria: "Charts have legends,\nsources are cited."},
		{Language: "de", Name: "Datenforscherin, Datenforscher", Description: "Liest, bereinigt und zeichnet einen Datensatz.", Criteria: "Diagramme haben Legenden."},
		{Language: "ar", Name: "مستكشف البيانات", Description: "يقرأ مجموعة بيانات وينظفها ويمثلها، ويناقش حدودها.", Criteria: "للرسوم البيانية مفاتيح."},
	}
	return v
}

// RichView returns RichVersion as pages show it, of an organisation with a logo.
func (s Sample) RichView(i int, name string) view.Badge {
	issuer := s.Issuer()
	issuer.Logo = s.Hash(6)
	return s.Views().BadgeOf(s.RichVersion(i, name), issuer, s.Locale)
}

// GoneProblem returns the sentence that activities in the rule no longer exist.
func (s Sample) GoneProblem() string {
	rule := s.Rule()
	return page.Message(rule.CheckAgainst(&badges.Outline{}), s.Locale)
}

// Sentence returns Rule in one sentence.
func (s Sample) Sentence() string {
	rule := s.Rule()
	return rule.Describe(s.Locale)
}

// Outlook returns a learner's outlook for a badge with Rule. The domain makes it, so
// that its explanations are real.
func (s Sample) Outlook(name string, grade float64, completed bool, last badges.Holding) *badges.Outlook {
	e := badges.Evidence{
		{Kind: badges.ActivityGrade, ID: "7"}:     {Read: true, Grade: &badges.Grade{Raw: grade, Max: 20}},
		{Kind: badges.ActivityCompleted, ID: "8"}: {Read: true, Done: completed},
	}
	m := badges.Member{User: "1", Name: name, Email: "x@lutece.example", Active: name != "Jean Suspendu"}
	b := badges.Badge{State: badges.On, Current: badges.Version{Content: badges.Content{Rule: s.Rule()}}}
	o := badges.Case{Badge: &b, Member: m, Evidence: e, Last: last}.Outlook(Day)
	return &o
}

// NestedRule returns a rule with groups inside a group.
func (s Sample) NestedRule() badges.Rule {
	return badges.Rule{Kind: badges.All, Of: []badges.Rule{
		{Kind: badges.ActivityCompleted, Activity: "8", Name: "Compte rendu"},
		{Kind: badges.Any, Of: []badges.Rule{
			{Kind: badges.ActivityGrade, Activity: "7", Name: "Quiz final", Percent: 80},
			{Kind: badges.All, Of: []badges.Rule{
				{Kind: badges.GroupMember, Group: "4", Name: "Groupe A"},
				{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{
					{Kind: badges.ActivityPassed, Activity: "9", Name: "Atelier de visualisation, avec une présentation orale devant la promotion"},
					{Kind: badges.CourseGrade, Percent: 60, Until: Day},
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

// NestedView returns a badge with NestedRule as pages show it.
func (s Sample) NestedView(i int, name string) view.Badge {
	badge, rule := s.View(i, name), s.NestedRule()
	badge.Rule = rule.Describe(s.Locale)
	return badge
}

// Nested returns the criteria of NestedRule with a learner's results.
func (s Sample) Nested() []view.Criterion {
	rule := s.NestedRule()
	x := rule.Evaluate(badges.Evidence{
		{Kind: badges.ActivityCompleted, ID: "8"}: {Read: true},
		{Kind: badges.ActivityGrade, ID: "7"}:     {Read: true, Grade: &badges.Grade{Raw: 12, Max: 20}},
		{Kind: badges.GroupMember, ID: "4"}:       {Read: true, Done: true},
		{Kind: badges.ActivityCompleted, ID: "9"}: {Read: true, Done: true},
		{Kind: badges.CourseGrade}:                {Why: "unknown.grade_unsettled"},
		{Kind: badges.BadgeHeld, ID: "b"}:         {Read: true},
		{Kind: badges.ActivityCompleted, ID: "1"}: {Read: true, Done: true},
		{Kind: badges.ActivityCompleted, ID: "2"}: {Read: true},
		{Kind: badges.ActivityCompleted, ID: "3"}: {Read: true, Done: true},
	})
	return view.Criteria(&x, s.Locale)
}

// Course returns a course whose last reading is run; nil: not read yet.
func (s Sample) Course(run *badges.SyncRun) badges.Course {
	return badges.Course{CourseKey: badges.CourseKey{Context: "2"}, Title: Reader.Title, Label: "BADGE101", Sync: badges.SyncState{Last: run}}
}

// Given returns the evidence of an award by hand.
func (s Sample) Given() *badges.GivenEvidence {
	return &badges.GivenEvidence{
		Text:  "Soutenance du 12 mars, devant Mme Noneditor et M. Ó Briain :\nexposé clair, réponses sûres.",
		Links: []string{"https://portfolio.lutece.example/zoe/projets/2026/exploration-de-donnees-ouvertes/rapport-final.pdf"},
	}
}

// Facts returns facts of several kinds.
func (s Sample) Facts() []badges.Fact {
	const moodle = "moodle:"
	return []badges.Fact{
		{Kind: badges.ActivityGrade, Name: "Quiz final", Threshold: 80, Percent: 92.5, Grade: &badges.Grade{Raw: 18.5, Max: 20}, At: Day, Source: moodle + "gradereport_user_get_grade_items"},
		{Kind: badges.ActivityCompleted, Name: "Compte rendu", At: Day, Source: moodle + "core_completion_get_activities_completion_status"},
		{Kind: badges.GroupMember, Name: "Groupe A", Source: moodle + "core_enrol_get_enrolled_users"},
	}
}
