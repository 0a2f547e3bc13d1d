package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// TestRecipientsTable downloads the CSV file of recipients. Names that look like
// formulas must be texts.
func TestRecipientsTable(t *testing.T) {
	t.Parallel()
	h := frozen(t, badges.Member{User: "905", Name: `=HYPERLINK("http://evil.example";"x")`, Email: "+evil@example.org", Active: true})
	if w := h.send(t, "award", url.Values{"learner": {"905"}}, nil); w.Code != http.StatusSeeOther {
		t.Fatalf("awarding is answered %d: %s", w.Code, said(w))
	}
	h.demo.visitor().post(t, h.claimPath(t, zoesMail), url.Values{"decision": {"accept"}})
	day := time.Now().UTC().Format(time.DateOnly)
	public := h.url + "/v/" + string(h.assertions(t, "6")[0].ID)
	for language, want := range map[string][]string{
		"en": {
			"\ufeffLearner,E-mail,State,Awarded,Valid until,Claimed,Public page,Notice\r\n", "Zoë Ångström,zoe@example.org,Claimed," + day + ",," + day + "," + public + ",Sent\r\n",
			`"'=HYPERLINK(""http://evil.example"";""x"")",'+evil@example.org,Waiting for an answer,` + day + ",,,",
		},
		"fr": {"\ufeffNom;Adresse électronique;État;", "Zoë Ångström;zoe@example.org;Accepté;" + day},
	} {
		w := h.get(t, h.badge+"/recipients.csv?lang="+language)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("the table is answered %d, %v", w.Code, w.Header())
		}
		for _, line := range want {
			if !strings.Contains(w.Body.String(), line) {
				t.Errorf("%s: the table lacks %q:\n%s", language, line, w.Body)
			}
		}
	}
}
