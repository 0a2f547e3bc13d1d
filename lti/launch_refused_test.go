package lti_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

func set(name string, value any) func(map[string]any) {
	return func(m map[string]any) { m[name] = value }
}

func without(names ...string) func(map[string]any) {
	return func(m map[string]any) {
		for _, name := range names {
			delete(m, name)
		}
	}
}

// TestClaimsRefused changes one part of a message that is otherwise valid.
func TestClaimsRefused(t *testing.T) {
	long := strings.Repeat("x", 256)
	tests := []struct {
		name   string
		change func(map[string]any)
		want   lti.Reason
	}{
		{"3 version 11.3", set(claim("version"), "11.3"), lti.VersionWrong},
		{"4 no version", without(claim("version")), lti.VersionWrong},
		{"6 all missing", without("aud", "iss", "sub", claim("deployment_id"), claim("roles")), lti.IssuerWrong},
		{"6 no aud", without("aud"), lti.AudienceWrong},
		{"6 no iss", without("iss"), lti.IssuerWrong},
		{"8 no message type", without(claim("message_type")), lti.MessageTypeMissing},
		{"8 other message type", set(claim("message_type"), "LtiSomethingElse"), lti.MessageTypeUnknown},
		{"9 no roles", without(claim("roles")), lti.RolesMissing},
		{"9 roles null", set(claim("roles"), nil), lti.RolesMissing},
		{"10 no deployment", without(claim("deployment_id")), lti.DeploymentMissing},
		{"11 no resource link", without(claim("resource_link")), lti.ResourceLinkMissing},
		{"11 resource link without id", set(claim("resource_link"), map[string]any{"title": "x"}), lti.ResourceLinkMissing},
		{"11 resource link with an Id", set(claim("resource_link"), map[string]any{"Id": "1"}), lti.ResourceLinkMissing},
		{"12 anonymous", without("sub"), lti.SubjectMissing},
		{"13 no nonce", without("nonce"), lti.NonceWrong},
		{"13 empty nonce", set("nonce", ""), lti.NonceWrong},
		{"13 unknown nonce", set("nonce", "made-up"), lti.NonceWrong},
		{"19 aud of many, no azp", set("aud", []string{"client-1", "other"}), lti.PartyWrong},
		{"19 aud of many, foreign azp", func(m map[string]any) {
			m["aud"], m["azp"] = []string{"client-1", "other"}, "other"
		}, lti.PartyWrong},
		{"19 foreign azp", set("azp", "other"), lti.PartyWrong},
		{"19 foreign azp, aud a list of one", func(m map[string]any) {
			m["aud"], m["azp"] = []string{"client-1"}, "other"
		}, lti.PartyWrong},
		{"19 foreign aud", set("aud", "other"), lti.AudienceWrong},
		{"19 no audience at all", set("aud", []string{}), lti.AudienceWrong},
		{"20 iss with a slash", set("iss", "https://lms.example/"), lti.IssuerWrong},
		{"20 iss in capitals", set("iss", "https://LMS.example"), lti.IssuerWrong},
		{"22 target elsewhere", set(claim("target_link_uri"), "https://evil.example/lti/launch"), lti.TargetForeign},
		{"23 sub is a number", set("sub", 6), lti.TokenMalformed},
		{"23 roles is a string", set(claim("roles"), learner), lti.TokenMalformed},
		{"23 context is a string", set(claim("context"), "2"), lti.TokenMalformed},
		{"23 exp is a string", set("exp", "soon"), lti.TokenMalformed},
		{"23 exp is beyond all time", set("exp", 1e300), lti.TokenMalformed},
		{"23 NUL in an id", set("sub", "6\x00"), lti.TokenMalformed},
		{"23 NUL after a backslash", set("sub", "6\\\x00"), lti.TokenMalformed},
		{"26 long sub", set("sub", long), lti.IDTooLong},
		{"26 long deployment", set(claim("deployment_id"), long), lti.IDTooLong},
		{"26 long context", set(claim("context"), map[string]any{"id": long}), lti.IDTooLong},
		{"26 long resource link", set(claim("resource_link"), map[string]any{"id": long}), lti.IDTooLong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newFixture(t).launch(tt.change)
			wantReason(t, err, tt.want)
		})
	}
}

func TestTimes(t *testing.T) {
	tests := []struct {
		name     string
		iat, exp time.Duration // from now
		want     lti.Reason
	}{
		{"18 platform ahead by 60 s", time.Minute, 2 * time.Minute, ""},
		{"18 platform behind by 60 s", -2 * time.Minute, -time.Minute, ""},
		{"18 platform ahead by 61 s", 61 * time.Second, 2 * time.Minute, lti.ClockSkew},
		{"18 expired by 61 s", -2 * time.Minute, -61 * time.Second, lti.TokenExpired},
		{"18 made 10 min ago", -10 * time.Minute, time.Minute, ""},
		{"18 too old", -10*time.Minute - time.Second, time.Minute, lti.TokenOld},
		{"18 lasts an hour", 0, time.Hour, ""},
		{"18 lasts longer", 0, time.Hour + time.Second, lti.LifetimeTooLong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			_, err := f.launch(func(m map[string]any) {
				m["iat"], m["exp"] = f.clock.Now().Add(tt.iat).Unix(), f.clock.Now().Add(tt.exp).Unix()
			})
			wantReason(t, err, tt.want)
		})
	}
	for name, tt := range map[string]struct {
		change func(map[string]any)
		want   lti.Reason
	}{
		"7 iat 11111, exp 22222": {func(m map[string]any) { m["iat"], m["exp"] = 11111, 22222 }, lti.TokenExpired},
		"18 no exp":              {without("exp"), lti.ExpiryMissing},
		"18 no iat":              {without("iat"), lti.IssuedMissing},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newFixture(t).launch(tt.change)
			wantReason(t, err, tt.want)
		})
	}
}

// The error says by how much the clocks differ, for the person who has to set one (case
// 18).
func TestClockDifferenceIsReported(t *testing.T) {
	for _, tt := range []struct {
		want     lti.Reason
		iat, exp time.Duration // from now
		detail   string
	}{
		{lti.ClockSkew, 3 * time.Minute, 4 * time.Minute, "issued 3m0s from now, expires 4m0s from now"},
		{lti.TokenExpired, -5 * time.Minute, -4 * time.Minute, "issued -5m0s from now, expires -4m0s from now"},
		{lti.TokenOld, -11 * time.Minute, 30 * time.Second, "issued -11m0s from now, expires 30s from now"},
		{lti.LifetimeTooLong, 0, 2 * time.Hour, "issued 0s from now, expires 2h0m0s from now"},
	} {
		t.Run(string(tt.want), func(t *testing.T) {
			f := newFixture(t)
			_, err := f.launch(func(m map[string]any) {
				m["iat"], m["exp"] = f.clock.Now().Add(tt.iat).Unix(), f.clock.Now().Add(tt.exp).Unix()
			})
			refusal, ok := errors.AsType[*lti.Error](err)
			if !ok || refusal.Reason != tt.want || refusal.Detail != tt.detail {
				t.Errorf("error = %v, want %s: %s", err, tt.want, tt.detail)
			}
		})
	}
}

func TestPayloadWithNameOnly(t *testing.T) { // case 5
	f := newFixture(t)
	_, err := f.post(f.login(initiation()), sign(t, platformKey(), header(), `{"name":"badltilaunch"}`))
	wantReason(t, err, lti.IssuerWrong)
}

func TestDeploymentNeverSeen(t *testing.T) { // case 21
	f := newFixture(t)
	_, err := f.launch(set(claim("deployment_id"), "7"))
	wantReason(t, err, lti.DeploymentPending)
	if approved, noted := f.store.deployments["7"]; !noted || approved {
		t.Errorf("deployment noted = %v, approved = %v, want it noted as pending", noted, approved)
	}
}

// A launch that fails its checks records nothing.
func TestRefusedLaunchRecordsNoDeployment(t *testing.T) {
	f := newFixture(t)
	_, err := f.launch(func(m map[string]any) { m[claim("deployment_id")], m["nonce"] = "7", "made-up" })
	wantReason(t, err, lti.NonceWrong)
	if _, noted := f.store.deployments["7"]; noted {
		t.Error("the deployment was noted")
	}
}

func TestPlatformAnswersWithAnError(t *testing.T) { // case 24
	f := newFixture(t)
	b := f.login(initiation())
	for name, state := range map[string]string{"with its state": b.state, "with an empty state": ""} {
		t.Run(name, func(t *testing.T) {
			_, err := f.tool.Verify(t.Context(), lti.LaunchRequest{
				Error: "unauthorized_client\n<b>", State: state, Cookie: func(name string) string { return b.cookies[name] },
			})
			wantReason(t, err, lti.PlatformRefused)
			if err.Error() != "lti: platform_refused: unauthorized_client?<b>" {
				t.Errorf("error = %q, want the platform's word on one line", err)
			}
		})
	}
}

// No error contains a secret of a launch, so none reaches a log that way.
func TestErrorsContainNoSecrets(t *testing.T) {
	f := newFixture(t)
	b := f.login(initiation())
	m := f.message(b)
	m["name"] = map[string]any{"full": "Zoë Ångström"}
	token := sign(t, platformKey(), header(), encode(t, m))
	_, err := f.post(b, token)
	wantReason(t, err, lti.TokenMalformed)
	for _, secret := range []string{token, b.state, b.nonce, "Ångström"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("error %q contains %q", err, secret)
		}
	}
}
