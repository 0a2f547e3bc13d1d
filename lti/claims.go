package lti

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
)

// The claims of LTI 1.3 Core, section 5.
const (
	claimVersion      = "https://purl.imsglobal.org/spec/lti/claim/version"
	claimMessageType  = "https://purl.imsglobal.org/spec/lti/claim/message_type"
	claimDeployment   = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
	claimTarget       = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri"
	claimRoles        = "https://purl.imsglobal.org/spec/lti/claim/roles"
	claimContext      = "https://purl.imsglobal.org/spec/lti/claim/context"
	claimResourceLink = "https://purl.imsglobal.org/spec/lti/claim/resource_link"
	claimCustom       = "https://purl.imsglobal.org/spec/lti/claim/custom"
	claimPresentation = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation"
	claimPlatform     = "https://purl.imsglobal.org/spec/lti/claim/tool_platform"
)

const (
	clockSkew    = time.Minute
	oldestIssue  = 10 * time.Minute
	longestToken = time.Hour
)

// checkParties checks who made the token for whom (OpenID Connect Core,
// section 3.1.3.7, points 2 to 5).
func (c claims) checkParties(reg Registration) error {
	iss, err := c.text("iss")
	if err != nil {
		return err
	}
	if iss != reg.Issuer {
		return refuse(IssuerWrong)
	}
	aud, err := c.audience()
	if err != nil {
		return err
	}
	if !slices.Contains(aud, reg.ClientID) {
		return refuse(AudienceWrong)
	}
	azp, err := c.text("azp")
	if err != nil {
		return err
	}
	_, present := c["azp"]
	if (len(aud) > 1 || present) && azp != reg.ClientID {
		return refuse(PartyWrong)
	}
	return nil
}

// audience returns aud, which is a string or a list of strings.
func (c claims) audience() ([]string, error) {
	raw, ok := c["aud"]
	if !ok {
		return nil, refuse(AudienceWrong)
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}, nil
	}
	var many []string
	return many, c.into("aud", &many)
}

// checkTimes checks when the token was made and how long it lasts. Each detail
// says by how much clocks differ, for whoever has to set one.
func (c claims) checkTimes(now time.Time) error {
	exp, ok, err := c.instant("exp")
	if err != nil {
		return err
	}
	if !ok {
		return refuse(ExpiryMissing)
	}
	iat, ok, err := c.instant("iat")
	if err != nil {
		return err
	}
	if !ok {
		return refuse(IssuedMissing)
	}
	detail := fmt.Sprintf("issued %s from now, expires %s from now", iat.Sub(now).Round(time.Second), exp.Sub(now).Round(time.Second))
	switch {
	case iat.Sub(now) > clockSkew:
		return &Error{Reason: ClockSkew, Detail: detail}
	case now.Sub(exp) > clockSkew:
		return &Error{Reason: TokenExpired, Detail: detail}
	case now.Sub(iat) > oldestIssue:
		return &Error{Reason: TokenOld, Detail: detail}
	case exp.Sub(iat) > longestToken:
		return &Error{Reason: LifetimeTooLong, Detail: detail}
	}
	return nil
}

// instant reads a NumericDate (RFC 7519, section 2), in whole seconds.
func (c claims) instant(name string) (time.Time, bool, error) {
	raw, ok := c[name]
	if !ok || string(raw) == "null" {
		return time.Time{}, false, nil
	}
	var seconds float64
	if err := c.into(name, &seconds); err != nil {
		return time.Time{}, false, err
	}
	if math.Abs(seconds) > 1<<40 {
		return time.Time{}, false, refuse(TokenMalformed)
	}
	return time.Unix(int64(seconds), 0), true, nil
}

// checkMessage checks what LTI 1.3 Core demands of every message
// (sections 5.3.1 to 5.3.7) and returns its deployment.
func (c claims) checkMessage() (MessageType, DeploymentID, error) {
	version, err := c.text(claimVersion)
	if err != nil {
		return "", "", err
	}
	if version != "1.3.0" {
		return "", "", refuse(VersionWrong)
	}
	message, err := c.text(claimMessageType)
	if err != nil {
		return "", "", err
	}
	switch message {
	case "":
		return "", "", refuse(MessageTypeMissing)
	case string(ResourceLinkRequest):
	default:
		return "", "", refuse(MessageTypeUnknown)
	}
	deployment, err := c.text(claimDeployment)
	if err != nil {
		return "", "", err
	}
	if deployment == "" {
		return "", "", refuse(DeploymentMissing)
	}
	if len(deployment) > maxIdentifiers {
		return "", "", refuse(IDTooLong)
	}
	return MessageType(message), DeploymentID(deployment), nil
}
