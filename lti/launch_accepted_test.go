package lti_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

const (
	systemAdmin      = "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"
	institutionAdmin = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
	testPerson       = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
)

// rights are the results of the methods of Roles.
type rights struct{ Instructor, Learner, Mentor, Administrator, TestUser bool }

func rightsOf(r lti.Roles) rights {
	return rights{r.Instructor(), r.Learner(), r.Mentor(), r.Administrator(), r.TestUser()}
}

func TestRoles(t *testing.T) {
	tests := []struct {
		name  string
		roles []string
		want  rights
	}{
		{"27 teacher", []string{instructor}, rights{Instructor: true}},
		{"27 student", []string{learner}, rights{Learner: true}},
		{"28 several", []string{learner, instructor}, rights{Instructor: true, Learner: true}},
		{"29 short names", []string{"Instructor", "Learner"}, rights{Instructor: true, Learner: true}},
		{"30 unknown", []string{membership + "#Wizard", "Wizard", "instructor"}, rights{}},
		{"31 an empty role", []string{""}, rights{}},
		{"31 no role", []string{}, rights{}},
		{"40 site administrator", []string{systemAdmin, institutionAdmin}, rights{Administrator: true}},
		{"40 teacher of an institution", []string{"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"}, rights{}},
		{"41 mentor", []string{membership + "#Mentor"}, rights{Mentor: true}},
		{"42 assistant", []string{membership + "/Instructor#TeachingAssistant"}, rights{Instructor: true}},
		{"42 instructor of learners only by name", []string{membership + "/Learner#Instructor"}, rights{Learner: true}},
		{"43 test user", []string{learner, testPerson}, rights{Learner: true, TestUser: true}},
		{"vocabulary of somebody else", []string{"https://evil.example/vocab#Instructor", "urn:x:Instructor"}, rights{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := newFixture(t).launch(set(claim("roles"), tt.roles))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, rightsOf(l.Roles)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// plain is the launch that the fixture's message makes.
func plain(f *fixture) lti.Launch {
	return lti.Launch{
		Registration: f.store.registrations[0], Deployment: "1", Message: lti.ResourceLinkRequest, Target: "/lti/launch",
		User: "6", Name: "Zoë Ångström", GivenName: "Zoë", FamilyName: "Ångström", Email: "s01@example.org",
		Roles:        lti.Roles{learner},
		Context:      &lti.Context{ID: "2", Label: "BADGE101", Title: "Données"},
		ResourceLink: lti.ResourceLink{ID: "1", Title: "Badges"},
		Custom:       map[string]string{}, PlatformName: "LMS", Product: "moodle", IssuedAt: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
	}
}

func TestLaunchesAccepted(t *testing.T) {
	nobody := func(l *lti.Launch) { l.Name, l.GivenName, l.FamilyName, l.Email = "", "", "", "" }
	tests := []struct {
		name   string
		change func(map[string]any)
		want   func(*lti.Launch) // changes the plain launch
	}{
		{"27 plain", without(), func(*lti.Launch) {}},
		{"32 e-mail only", without("name", "given_name", "family_name"), func(l *lti.Launch) {
			nobody(l)
			l.Email = "s01@example.org"
		}},
		{"33 names only", without("email"), func(l *lti.Launch) { l.Email = "" }},
		{"33 no whole name", without("name"), func(*lti.Launch) {}},
		{"34 no personal data", without("name", "given_name", "family_name", "email"), nobody},
		{"35 no context", without(claim("context")), func(l *lti.Launch) { l.Context = nil }},
		{"35 context without an id", set(claim("context"), map[string]any{"title": "x"}), func(l *lti.Launch) { l.Context = nil }},
		{"36 only the link", without(claim("context"), "name", "given_name", "family_name", "email"), func(l *lti.Launch) {
			nobody(l)
			l.Context = nil
		}},
		{"37 what looks like an escape", set("name", `\u0000 \\u0000`), func(l *lti.Launch) {
			l.Name = `\u0000 \\u0000`
		}},
		{"37 right to left, emoji, HTML", set("name", "فاطمة 🎓 <b>O'Connor</b>"), func(l *lti.Launch) {
			l.Name = "فاطمة 🎓 <b>O'Connor</b>" // unchanged: the code that writes HTML escapes it
		}},
		{"39 custom without those unreplaced", set(claim("custom"), map[string]any{"a": "x", "b": "$Context.type", "c": 1, "d": ""}), func(l *lti.Launch) {
			l.Custom = map[string]string{"a": "x", "d": ""}
		}},
		{"39 PHP's empty objects", func(m map[string]any) {
			m[claim("custom")], m[claim("launch_presentation")], m[claim("context")] = []any{}, []any{}, []any{}
		}, func(l *lti.Launch) { l.Context = nil }},
		{"39 null instead of objects", func(m map[string]any) {
			m[claim("custom")], m[claim("launch_presentation")], m[claim("tool_platform")] = nil, nil, nil
		}, func(*lti.Launch) {}},
		{"41 mentor of a learner", set(claim("role_scope_mentor"), []string{"7"}), func(l *lti.Launch) { l.MentorOf = []string{"7"} }},
		{"44 short context type", set(claim("context"), map[string]any{"id": "2", "type": []string{"CourseOffering"}}), func(l *lti.Launch) {
			l.Context = &lti.Context{ID: "2"}
		}},
		{"44 context type as text", set(claim("context"), map[string]any{"id": "2", "type": "http://purl.imsglobal.org/vocab/lis/v2/course#Group"}), func(l *lti.Launch) {
			l.Context = &lti.Context{ID: "2"}
		}},
		{"19 aud a list of one", set("aud", []string{"client-1"}), func(*lti.Launch) {}},
		{"19 aud of many with azp", func(m map[string]any) { m["aud"], m["azp"] = []string{"other", "client-1"}, "client-1" }, func(*lti.Launch) {}},
		{"22 another path of the tool", set(claim("target_link_uri"), toolURL+"/badge?id=1"), func(l *lti.Launch) { l.Target = "/badge" }},
		{"22 no target in the token", without(claim("target_link_uri")), func(*lti.Launch) {}},
		{"26 ids of 255 characters", set("sub", strings.Repeat("x", 255)), func(l *lti.Launch) { l.User = strings.Repeat("x", 255) }},
		{"platform tells its name", set(claim("tool_platform"), map[string]any{"name": "Campus", "product_family_code": "canvas"}), func(l *lti.Launch) {
			l.PlatformName, l.Product = "Campus", "canvas"
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			got, err := f.launch(tt.change)
			if err != nil {
				t.Fatal(err)
			}
			want := plain(f)
			tt.want(&want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLanguage(t *testing.T) { // case 38
	for sent, want := range map[string]string{
		"": "", "fr": "fr", "pt_br": "pt-BR", "zh_cn": "zh-CN", "de_du": "de", "en_us_k12": "en", "zh-Hant-TW": "zh-Hant-TW",
		"??": "", "und": "", "_": "",
	} {
		t.Run("38 "+sent, func(t *testing.T) {
			l, err := newFixture(t).launch(set(claim("launch_presentation"), map[string]any{"locale": sent}))
			if err != nil || l.Language != want {
				t.Errorf("language of %q = %q (%v), want %q", sent, l.Language, err, want)
			}
		})
	}
	t.Run("38 of the person, where the presentation has none", func(t *testing.T) {
		l, err := newFixture(t).launch(set("locale", "es_MX"))
		if err != nil || l.Language != "es-MX" {
			t.Errorf("language = %q (%v), want es-MX", l.Language, err)
		}
	})
}

// One browser has begun two logins, of two people at two platforms. Each answer finds
// its own login.
func TestTwoTabs(t *testing.T) { // case 45
	f := newFixture(t)
	other := registration(f.platform, "two", "https://other.example", "client-2")
	f.store.registrations = append(f.store.registrations, other)
	first := f.login(initiation())
	r := initiation()
	r.Issuer, r.ClientID = other.Issuer, other.ClientID
	second := f.login(r)
	for name, value := range first.cookies {
		second.cookies[name] = value // a browser sends both cookies
	}
	first.cookies = second.cookies

	m := f.message(second)
	m["iss"], m["aud"], m["sub"] = other.Issuer, other.ClientID, "99"
	got, err := f.post(second, sign(t, platformKey(), header(), encode(t, m)))
	if err != nil || got.User != "99" || got.Registration.ID != "two" {
		t.Errorf("second tab: user %q of %q (%v), want 99 of two", got.User, got.Registration.ID, err)
	}
	got, err = f.post(first, f.token(first))
	if err != nil || got.User != "6" || got.Registration.ID != "one" {
		t.Errorf("first tab: user %q of %q (%v), want 6 of one", got.User, got.Registration.ID, err)
	}
}
