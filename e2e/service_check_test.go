package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/lti"
)

// TestAdminCheck checks that the check of the web services tries groups and reports,
// and says what is missing and what that costs, in both languages.
func TestAdminCheck(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	admin := d.admin(t)
	platform := "/admin/platforms/" + string(d.platform(t))
	for name, tt := range map[string]struct {
		faults campus.Faults
		en, fr []string
	}{
		"all is granted": {
			en: []string{"Everything Insigne needs is there."}, fr: []string{"Tout ce dont Insigne a besoin est là."},
		},
		"no report is open to the user": {
			faults: campus.Faults{OutsideAudience: true},
			en:     []string{"No report on course participants is open to the web-service user.", "asked about learner by learner", "Badges are awarded all the same."},
			fr:     []string{"Aucun rapport sur les participants aux cours n’est ouvert", "se demande une personne après l’autre"},
		},
		"reports without filters": {
			faults: campus.Faults{ReportsUnfiltered: true},
			en:     []string{"Report “Insigne: course completion”: The report in Moodle lacks the filter", "Report “Insigne: completion slim”: The report in Moodle lacks the filter", "asked about learner by learner"},
			fr:     []string{"Rapport « Insigne: course completion » : Il manque au rapport dans Moodle le filtre"},
		},
		"reports outside the service": {
			faults: campus.Faults{WithoutFunction: []string{"core_reportbuilder_retrieve_report"}},
			en:     []string{"Function missing from the service", "core_reportbuilder_retrieve_report", "asked about learner by learner"},
			fr:     []string{"Fonction absente du service", "se demande une personne après l’autre"},
		},
		"groups may not be listed": {
			faults: campus.Faults{WithoutCapability: []string{"moodle/course:managegroups"}},
			en:     []string{"Capability missing", "teachers cannot pick a group in a rule", "moodle/course:managegroups"},
			fr:     []string{"Capacité manquante", "aucune règle ne peut demander un groupe"},
		},
		"groups outside the service": {
			faults: campus.Faults{WithoutFunction: []string{"core_group_get_course_groups"}},
			en:     []string{"core_group_get_course_groups", "teachers cannot pick a group in a rule"},
			fr:     []string{"aucune règle ne peut demander un groupe"},
		},
		"separate groups without the right to see all": {
			faults: campus.Faults{SeparateGroups: true, WithoutCapability: []string{"moodle/site:accessallgroups"}},
			en:     []string{"The web-service user sees no learners in the course.", "moodle/site:accessallgroups"},
			fr:     []string{"Le compte de service web ne voit aucun inscrit dans le cours."},
		},
		"separate groups": {
			faults: campus.Faults{SeparateGroups: true},
			en:     []string{"Everything Insigne needs is there.", "Tried on the course “Données & société – niveau 1”."},
			fr:     []string{"Essayé sur le cours « Données & société – niveau 1 »."},
		},
		"grades may not be seen": {
			faults: campus.Faults{WithoutCapability: []string{"moodle/grade:viewall"}},
			en:     []string{"As long as this stands, no badge is awarded by rule."},
			fr:     []string{"Tant que cela dure, aucun badge n’est décerné par une règle."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d.Campus.SetFaults(tt.faults)
			if w := admin.post(t, platform+"/check", url.Values{"csrf": {admin.csrf(t, platform)}}); w.Code != http.StatusSeeOther {
				t.Fatalf("the check answers %d: %s", w.Code, said(w))
			}
			for page, want := range map[string][]string{platform + "?lang=en": tt.en, platform + "?lang=fr": tt.fr} {
				got := said(admin.get(t, page))
				for _, text := range want {
					if !strings.Contains(got, strings.Join(strings.Fields(text), " ")) {
						t.Errorf("%s lacks %q: %s", page, text, got)
					}
				}
				if len(tt.en) > 0 && tt.en[0] != "Everything Insigne needs is there." && strings.Contains(got, "Everything Insigne needs is there.") {
					t.Errorf("%s says that all is well", page)
				}
			}
		})
	}
}

// TestAdminCheckWithoutCourse checks that the page does not say "all is well" if there
// was no course to try.
func TestAdminCheckWithoutCourse(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	admin := d.admin(t)
	platform := "/admin/platforms/" + string(d.saved(t, lti.Registration{
		Issuer: "https://elsewhere.example.org", ClientID: "1", AuthURL: "https://elsewhere.example.org/auth",
		TokenURL: "https://elsewhere.example.org/token", KeysURL: "https://elsewhere.example.org/keys",
	}))
	admin.post(t, platform+"/service", url.Values{"csrf": {admin.csrf(t, platform)}, "url": {d.CampusURL}, "token": {d.Campus.Token()}})
	got := said(admin.get(t, platform+"?lang=en"))
	if !strings.Contains(got, "No course could be tried yet.") || strings.Contains(got, "Everything Insigne needs is there.") {
		t.Errorf("the check without a course says: %s", got)
	}
}
