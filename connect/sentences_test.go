package connect_test

import (
	"testing"

	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/templates"
)

// TestSentences checks that everything a check can find has a sentence in each
// language.
func TestSentences(t *testing.T) {
	keys := map[string]bool{}
	for _, c := range []connect.Cost{connect.CostAll, connect.CostReport, connect.CostGroups, connect.CostConfirm, connect.CostExplain, connect.CostMessage, connect.CostBatch} {
		keys[c.Key()] = true
	}
	for _, f := range []connect.Fix{
		connect.FixAgain, connect.FixClocks, connect.FixCookies, connect.FixKeys, connect.FixRegister, connect.FixDeployment, connect.FixLink, connect.FixPerson, connect.FixLMS,
	} {
		keys[f.Key()] = true
	}
	for _, kind := range []connect.ProbeKind{connect.ProbeToken, connect.ProbeCourse, connect.ProbeRoster, connect.ProbeColumns, connect.ProbeClocks} {
		p := connect.Probe{Kind: kind}
		keys[p.Key()], keys[p.FixKey()] = true, true
	}
	keys[connect.Probe{Kind: connect.ProbeToken, Reason: lti.AccessRefused}.Key()] = true
	for _, problem := range []moodle.Problem{
		moodle.ProblemFunctionMissing, moodle.ProblemCapabilityMissing, moodle.ProblemNoLearners, moodle.ProblemEmailsHidden, moodle.ProblemLanguagesHidden,
		moodle.ProblemActivitiesHidden, moodle.ProblemGroupsEmpty, moodle.ProblemReportMissing, moodle.ProblemAddressDiffers, moodle.Problem(moodle.TokenInvalid),
	} {
		f := connect.Finding{Problem: problem}
		keys[f.Key()] = true
		if f.FixKey() != "" {
			keys[f.FixKey()] = true
		}
	}
	for _, field := range []string{"client_id", "issuer", "auth_url", "token_url", "keys_url"} {
		keys["tool.problem."+field] = true
	}
	for _, key := range []string{
		"problem.invitation_used", "problem.registration_parameters", "problem.register_again", "problem.form_unreadable", "tool.known",
		"admin.service_url_invalid", "admin.token_missing", "admin.link_used",
	} {
		keys[key] = true
	}
	pages, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en", "fr"} {
		locale := pages.Locale(language)
		for key := range keys {
			if text := locale.T(key, map[string]any{"Count": 2}); text == key || text == "" {
				t.Errorf("%s: there is no sentence %q", language, key)
			}
		}
	}
	if key := connect.CostUnsaid.Key() + (connect.Probe{OK: true}).FixKey(); key != "" {
		t.Errorf("if there is nothing to say, the key is %q", key)
	}
}

// TestCost checks the cost of each finding.
func TestCost(t *testing.T) {
	for name, tt := range map[string]struct {
		finding connect.Finding
		want    connect.Cost
	}{
		"blocking":             {connect.Finding{Problem: moodle.ProblemFunctionMissing, Function: "core_group_get_course_groups", Blocking: true}, connect.CostAll},
		"of a report":          {connect.Finding{Problem: "report_unfiltered", Report: "R"}, connect.CostReport},
		"no report":            {connect.Finding{Problem: moodle.ProblemReportMissing}, connect.CostReport},
		"reports unreadable":   {connect.Finding{Problem: moodle.ProblemFunctionMissing, Function: "core_reportbuilder_retrieve_report"}, connect.CostReport},
		"courses unconfirmed":  {connect.Finding{Problem: moodle.ProblemFunctionMissing, Function: "core_enrol_get_users_courses"}, connect.CostConfirm},
		"courses unexplained":  {connect.Finding{Problem: moodle.ProblemCapabilityMissing, Function: "core_course_get_courses_by_field"}, connect.CostExplain},
		"no messages":          {connect.Finding{Problem: moodle.ProblemFunctionMissing, Function: "core_message_send_instant_messages"}, connect.CostMessage},
		"no batches":           {connect.Finding{Problem: moodle.ProblemFunctionMissing, Function: "tool_mobile_call_external_functions"}, connect.CostBatch},
		"another function":     {connect.Finding{Problem: moodle.ProblemFunctionMissing, Function: "x"}, connect.CostUnsaid},
		"its sentence says it": {connect.Finding{Problem: moodle.ProblemEmailsHidden, Function: "core_group_get_course_groups"}, connect.CostUnsaid},
	} {
		if got := tt.finding.Cost(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
