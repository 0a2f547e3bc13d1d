package page_test

import (
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// TestReasonsAreTold describes each reason of package lti: a sentence in each language,
// and a status that blames the service only if the LMS failed to do something.
func TestReasonsAreTold(t *testing.T) {
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("../../lti/errors.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`Reason += "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(found) < 50 {
		t.Fatalf("%d reasons found", len(found))
	}
	for _, m := range found {
		reason, said := lti.Reason(m[1]), map[string]string{}
		for _, language := range []string{"en", "fr"} {
			cause := errors.New("secret of the cause")
			got := page.Describe(&lti.Error{Reason: reason, Detail: "detail for the log", Err: cause}, set.Locale(language))
			said[language] = got.Message
			want := http.StatusBadRequest
			if reason.OfService() {
				want = http.StatusBadGateway
			}
			if got.Status != want || got.Code != string(reason) {
				t.Errorf("%s: status %d, code %q; want %d", reason, got.Status, got.Code, want)
			}
			if !strings.HasSuffix(got.Message, ".") && !strings.HasSuffix(got.Message, "?") || strings.Contains(got.Message, string(reason)) || strings.Contains(got.Message, "secret") || strings.Contains(got.Message, "detail") {
				t.Errorf("%s in %s: %q is not a sentence for a reader", reason, language, got.Message)
			}
		}
		if said["en"] == said["fr"] {
			t.Errorf("%s is the same in both languages: %q", reason, said["en"])
		}
	}
}
