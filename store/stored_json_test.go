package store_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// stored is a value and its JSON in existing databases.
type stored[T any] struct {
	name  string
	value T
	text  string
	old   bool // written by an earlier version, so it is only read
}

// checkStored compares encoding and decoding with the JSON in existing
// databases.
func checkStored[T any](t *testing.T, encode func(T) (string, error), decode func(string) (T, error), rows []stored[T]) {
	t.Helper()
	for _, tt := range rows {
		t.Run(tt.name, func(t *testing.T) {
			if text := storetest.Must(encode(tt.value))(t); text != tt.text && !tt.old {
				t.Errorf("written:\n%s\nwant\n%s", text, tt.text)
			}
			if diff := cmp.Diff(tt.value, storetest.Must(decode(tt.text))(t)); diff != "" {
				t.Errorf("read (-want +got):\n%s", diff)
			}
		})
	}
}

// storedDay has a time zone, because rules are written in the operator's zone.
var storedDay = time.Date(2026, 3, 1, 0, 0, 0, 0, time.FixedZone("", 3600))

func TestStoredFacts(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 250_000_000, time.UTC)
	checkStored(t, store.EncodeFacts, store.DecodeFacts, []stored[[]badges.Fact]{
		{name: "by rule", value: []badges.Fact{{
			Kind: badges.ActivityGrade, Course: "77", CourseName: "Données & société", Activity: "3", Name: "Quiz <1>", Threshold: 80,
			From: storedDay, Until: storedDay.AddDate(0, 1, 0), Percent: 92.5, Grade: &badges.Grade{Raw: 18.5, Max: 20}, At: at, Source: "moodle:x",
		}}, text: `[{"kind":"activity_grade","course":"77","course_name":"Données \u0026 société","activity":"3","name":"Quiz \u003c1\u003e","threshold":80,"from":"2026-03-01T00:00:00+01:00","until":"2026-04-01T00:00:00+01:00","percent":92.5,"grade":{"raw":18.5,"min":0,"max":20},"at":"2026-03-01T10:00:00.25Z","source":"moodle:x"}]`},
		{name: "of other things", value: []badges.Fact{
			{Kind: badges.LineItemGrade, LineItem: "https://lms.example/1", Name: "L", Grade: &badges.Grade{Raw: -1, Min: -5, Max: 5}, Source: "ags"},
			{Kind: badges.GroupMember, Group: "4", Source: "s"},
			{Kind: badges.BadgeHeld, Badge: "b", Source: "s"},
		}, text: `[{"kind":"line_item_grade","line_item":"https://lms.example/1","name":"L","grade":{"raw":-1,"min":-5,"max":5},"source":"ags"},{"kind":"group_member","group":"4","source":"s"},{"kind":"badge_held","badge":"b","source":"s"}]`},
		{name: "by hand", value: []badges.Fact{{
			Kind: badges.ByHand, At: at, Source: "teacher", By: "3", ConfirmedBy: "4", Given: &badges.GivenEvidence{Text: "Portfolio", Links: []string{"https://example.org/?a=1&b"}},
		}}, text: `[{"kind":"by_hand","at":"2026-03-01T10:00:00.25Z","source":"teacher","by":"3","confirmed_by":"4","given":{"text":"Portfolio","links":["https://example.org/?a=1\u0026b"]}}]`},
		{name: "without a source", value: []badges.Fact{{}}, text: `[{"kind":"","source":""}]`},
		{name: "empty", value: []badges.Fact{}, text: `[]`},
		{name: "none", value: nil, text: `null`},
		{name: "of the first version", value: []badges.Fact{{Kind: badges.CourseCompleted, Source: "s"}}, text: `[{"kind":"course_completed","source":"s"}]`},
	})
}

func TestStoredRule(t *testing.T) {
	checkStored(t, store.EncodeRule, store.DecodeRule, []stored[badges.Rule]{
		{name: "tree", value: badges.Rule{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{
			{Kind: badges.CourseCompleted, Course: "77", CourseName: "Données & société", From: storedDay, Until: storedDay.AddDate(0, 1, 0)},
			{Kind: badges.Any, Of: []badges.Rule{
				{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz", Percent: 62.5},
				{Kind: badges.LineItemGrade, LineItem: "https://lms.example/1", Percent: 50},
				{Kind: badges.GroupMember, Group: "4", Name: "Group"},
				{Kind: badges.BadgeHeld, Badge: "b", Name: "Badge"},
			}},
		}}, text: `{"kind":"at_least","of":[{"kind":"course_completed","course":"77","course_name":"Données \u0026 société","from":"2026-03-01T00:00:00+01:00","until":"2026-04-01T00:00:00+01:00"},{"kind":"any","of":[{"kind":"activity_grade","activity":"3","name":"Quiz","percent":62.5},{"kind":"line_item_grade","line_item":"https://lms.example/1","percent":50},{"kind":"group_member","group":"4","name":"Group"},{"kind":"badge_held","badge":"b","name":"Badge"}]}],"count":2}`},
		{name: "by hand", value: badges.Rule{Kind: badges.ByHand}, text: `{"kind":"by_hand"}`},
	})
}

func TestStoredOutline(t *testing.T) {
	checkStored(t, store.EncodeOutline, store.DecodeOutline, []stored[badges.Outline]{
		{name: "whole", value: badges.Outline{
			Activities: []badges.Activity{{ID: "3", Name: "Quiz", Module: "quiz", Section: "1", Completion: true, Graded: true}, {ID: "4"}},
			Groups:     []badges.Group{{ID: "4", Name: "Group"}},
			LineItems:  []badges.LineItem{{ID: "https://lms.example/1", Name: "L"}},
			Unread:     []badges.RuleKind{badges.GroupMember},
		}, text: `{"activities":[{"ID":"3","Name":"Quiz","Module":"quiz","Section":"1","Completion":true,"Graded":true},{"ID":"4","Name":"","Module":"","Section":"","Completion":false,"Graded":false}],"groups":[{"ID":"4","Name":"Group"}],"line_items":[{"ID":"https://lms.example/1","Name":"L"}],"unread":["group_member"]}`},
		{name: "empty", value: badges.Outline{}, text: `{}`},
		{name: "of activities alone", value: badges.Outline{Activities: []badges.Activity{{ID: "3", Name: "Quiz"}}}, text: `{"activities":[{"ID":"3","Name":"Quiz"}]}`, old: true},
	})
	// The outlines of other courses are not stored: they are read from those
	// courses.
	if text := storetest.Must(store.EncodeOutline(badges.Outline{Title: "T", Badges: []badges.NamedBadge{{ID: "b"}}, Others: map[badges.ContextID]*badges.Outline{"2": {}}}))(t); text != `{}` {
		t.Errorf("stored of other courses: %s", text)
	}
}

func TestStoredGiven(t *testing.T) {
	checkStored(t, store.EncodeGiven, store.DecodeGiven, []stored[badges.GivenEvidence]{
		{name: "whole", value: badges.GivenEvidence{Text: "Portfolio", Links: []string{"https://example.org/?a=1&b"}}, text: `{"text":"Portfolio","links":["https://example.org/?a=1\u0026b"]}`},
		{name: "nothing", value: badges.GivenEvidence{}, text: `{}`},
	})
}

func TestStoredAlignments(t *testing.T) {
	checkStored(t, store.EncodeAlignments, store.DecodeAlignments, []stored[[]badges.Alignment]{
		{name: "two", value: []badges.Alignment{
			{Name: "analyser des données", Framework: "ESCO", Code: "S2.7", URL: "http://data.europa.eu/esco/skill/1"}, {Name: "N", URL: "https://n.example/?a=1&b"},
		}, text: `[{"name":"analyser des données","framework":"ESCO","code":"S2.7","url":"http://data.europa.eu/esco/skill/1"},{"name":"N","url":"https://n.example/?a=1\u0026b"}]`},
		{name: "none", value: nil, text: ""},
	})
}

func TestStoredTranslations(t *testing.T) {
	checkStored(t, store.EncodeTranslations, store.DecodeTranslations, []stored[[]badges.Translation]{
		{name: "two", value: []badges.Translation{
			{Language: "de", Name: "N", Description: "D", Criteria: "K"}, {Language: "ar", Name: "مستكشفة", Description: "D"},
		}, text: `[{"language":"de","name":"N","description":"D","criteria":"K"},{"language":"ar","name":"مستكشفة","description":"D"}]`},
		{name: "none", value: nil, text: ""},
	})
}

func TestStoredServices(t *testing.T) {
	checkStored(t, store.EncodeServices, store.DecodeServices, []stored[lti.Services]{
		{name: "whole", value: lti.Services{
			MembershipsURL: "https://lms.example/m", LineItemsURL: "https://lms.example/i?a=1&b", LineItemURL: "https://lms.example/i/1", GradeScopes: []string{lti.ScopeScore},
		}, text: `{"MembershipsURL":"https://lms.example/m","LineItemsURL":"https://lms.example/i?a=1\u0026b","LineItemURL":"https://lms.example/i/1","GradeScopes":["https://purl.imsglobal.org/spec/lti-ags/scope/score"]}`},
		{name: "none", value: lti.Services{}, text: `{"MembershipsURL":"","LineItemsURL":"","LineItemURL":"","GradeScopes":null}`},
	})
}

// placed is the sealed part of a placement.
type placed struct {
	Deployment lti.DeploymentID
	Request    lti.DeepLinking
}

func encodePlaced(p placed) (string, error) {
	text, err := store.EncodePlacement(p.Deployment, p.Request)
	return string(text), err
}

func decodePlaced(text string) (p placed, err error) {
	p.Deployment, p.Request, err = store.DecodePlacement([]byte(text))
	return p, err
}

func TestStoredPlacement(t *testing.T) {
	checkStored(t, encodePlaced, decodePlaced, []stored[placed]{
		{name: "whole", value: placed{"1", lti.DeepLinking{
			ReturnURL: "https://lms.example/return?sesskey=s", Data: "d", Multiple: true, LineItems: true, Title: "T", Text: "X",
		}}, text: `{"Deployment":"1","Request":{"ReturnURL":"https://lms.example/return?sesskey=s","Data":"d","Multiple":true,"LineItems":true,"Title":"T","Text":"X"}}`},
		{name: "before columns were asked for", value: placed{"1", lti.DeepLinking{ReturnURL: "u", Data: "d"}}, text: `{"Deployment":"1","Request":{"ReturnURL":"u","Data":"d","Multiple":false,"Title":"","Text":""}}`, old: true},
	})
}

func TestStoredEvidence(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	checkStored(t, store.EncodeEvidence, store.DecodeEvidence, []stored[badges.Evidence]{
		{name: "whole", value: badges.Evidence{
			{Kind: badges.ActivityGrade, Course: "77", ID: "3"}: {Read: true, Why: "w", Done: true, Passed: true, Grade: &badges.Grade{Raw: 1, Min: -1, Max: 2.5}, At: at, Ended: at, Source: "s"},
		}, text: `[{"kind":"activity_grade","course":"77","id":"3","known":true,"why":"w","done":true,"passed":true,"grade":{"raw":1,"min":-1,"max":2.5},"at":"2026-03-01T10:00:00Z","ended":"2026-03-01T10:00:00Z","source":"s"}]`},
		{name: "unknown", value: badges.Evidence{{Kind: badges.CourseCompleted}: {Why: "unknown.not_read"}}, text: `[{"kind":"course_completed","why":"unknown.not_read"}]`},
	})
}

// TestStoredWhole sets every field, encodes and decodes it. A new field of the
// domain must be stored, or be listed here with the reason.
func TestStoredWhole(t *testing.T) {
	checkWhole(t, store.EncodeFacts, store.DecodeFacts)
	checkWhole(t, store.EncodeRule, store.DecodeRule)
	checkWhole(t, store.EncodeGiven, store.DecodeGiven)
	checkWhole(t, store.EncodeServices, store.DecodeServices)
	checkWhole(t, store.EncodeOutline, store.DecodeOutline, "Title", "Badges", "Others") // of other courses
	checkWhole(t, encodePlaced, decodePlaced)
	checkWhole(t, store.EncodeEvidence, store.DecodeEvidence)
	checkWhole(t, store.EncodeAlignments, store.DecodeAlignments)
	checkWhole(t, store.EncodeTranslations, store.DecodeTranslations)
}

func checkWhole[T any](t *testing.T, encode func(T) (string, error), decode func(string) (T, error), notStored ...string) {
	t.Helper()
	var want T
	whole := reflect.ValueOf(&want).Elem()
	fill(t, whole, new(int), 0)
	for _, name := range notStored {
		whole.FieldByName(name).SetZero()
	}
	got := storetest.Must(decode(storetest.Must(encode(want))(t)))(t)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%T loses (-stored +read):\n%s", want, diff)
	}
}

// fill sets every field to a different value.
func fill(t *testing.T, v reflect.Value, n *int, depth int) {
	t.Helper()
	const deepest = 8 // rules contain rules
	*n++
	switch {
	case depth > deepest:
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(int64(*n), 0).UTC()))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n, depth+1)
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0), n, depth+1)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n, depth+1)
	case v.Kind() == reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key, n, depth+1)
		fill(t, value, n, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprint(strings.ToLower(v.Type().Name()), *n))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(int64(*n))
	case v.CanFloat():
		v.SetFloat(float64(*n) + 0.5)
	default:
		t.Fatalf("say how a %s is filled", v.Type())
	}
}
