package lti

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

const (
	clockSkew    = time.Minute
	oldestIssue  = 10 * time.Minute
	longestToken = time.Hour
)

// checkParties checks that the platform issued the token for this tool (OpenID Connect
// Core, section 3.1.3.7, points 2 to 5).
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
	var one string
	if json.Unmarshal(c["aud"], &one) == nil {
		return []string{one}, nil
	}
	var many []string
	return many, c.into("aud", &many)
}

// checkTimes checks when the token was issued and how long it is valid. The details of
// its errors say by how much the clocks differ, for the person who has to set one.
func (c claims) checkTimes(now time.Time) error {
	exp, err := c.timestamp("exp")
	if err != nil {
		return err
	}
	iat, err := c.timestamp("iat")
	if err != nil {
		return err
	}
	switch {
	case exp.IsZero():
		return refuse(ExpiryMissing)
	case iat.IsZero():
		return refuse(IssuedMissing)
	case iat.Sub(now) > clockSkew:
		return timeError(ClockSkew, now, iat, exp)
	case now.Sub(exp) > clockSkew:
		return timeError(TokenExpired, now, iat, exp)
	case now.Sub(iat) > oldestIssue:
		return timeError(TokenOld, now, iat, exp)
	case exp.Sub(iat) > longestToken:
		return timeError(LifetimeTooLong, now, iat, exp)
	}
	return nil
}

func timeError(reason Reason, now, iat, exp time.Time) error {
	return &Error{Reason: reason, Detail: fmt.Sprintf("issued %s from now, expires %s from now",
		iat.Sub(now).Round(time.Second), exp.Sub(now).Round(time.Second))}
}

// messages are the message types that this tool accepts.
var messages = []MessageType{ResourceLinkRequest, DeepLinkingRequest, SubmissionReviewRequest}

// checkMessage checks what LTI 1.3 Core requires of every message: version and type
// (sections 5.3.1 and 5.3.2) and deployment (5.3.3).
func (c claims) checkMessage() (MessageType, DeploymentID, error) {
	var version, message, deployment string
	err := c.texts(map[string]*string{claimVersion: &version, claimMessageType: &message, claimDeployment: &deployment})
	switch {
	case err != nil:
		return "", "", err
	case version != "1.3.0":
		return "", "", refuse(VersionWrong)
	case message == "":
		return "", "", refuse(MessageTypeMissing)
	case !slices.Contains(messages, MessageType(message)):
		return "", "", &Error{Reason: MessageTypeUnknown, Detail: printable(message)}
	case deployment == "":
		return "", "", refuse(DeploymentMissing)
	case len(deployment) > maxIdentifier:
		return "", "", refuse(IDTooLong)
	}
	return MessageType(message), DeploymentID(deployment), nil
}
