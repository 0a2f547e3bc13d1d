package campus

import (
	"fmt"
	"strconv"
	"time"
)

// tokenLifetime is Moodle's.
const tokenLifetime = time.Minute

// claims are those of an id_token (LTI Core 1.3, section 5.3), as Moodle fills
// them; the caller holds the lock.
func (c *Campus) claims(t *tool, user int64, nonce string, l link) (object, error) {
	p, ok := c.school.person(user)
	if !ok {
		return nil, fmt.Errorf("campus: no user %d", user)
	}
	now := c.cfg.Now()
	claims := object{
		"nonce": nonce, "iat": now.Unix(), "exp": now.Add(tokenLifetime).Unix(),
		"iss": c.cfg.BaseURL, "aud": t.ClientID, "sub": strconv.FormatInt(p.ID, 10),
		ltiClaim + "version":         "1.3.0",
		ltiClaim + "message_type":    "LtiResourceLinkRequest",
		ltiClaim + "deployment_id":   strconv.Itoa(t.ID),
		ltiClaim + "target_link_uri": t.targetURL,
		ltiClaim + "lis":             object{"person_sourcedid": p.idNumber, "course_section_sourcedid": courseNumber},
		ltiClaim + "roles":           launchRoles(p.Role),
		ltiClaim + "context":         object{"id": strconv.Itoa(courseID), "label": courseShort, "title": courseFull, "type": []string{"CourseSection"}},
		ltiClaim + "resource_link":   object{"id": strconv.Itoa(l.ID), "title": l.Title, "description": l.text},
		ltiClaim + "ext":             object{"user_username": p.username, "lms": "moodle-2"},
		ltiClaim + "launch_presentation": object{
			"locale": p.Lang, "document_target": "iframe",
			"return_url": c.url(fmt.Sprintf("/mod/lti/return.php?course=%d&launch_container=3&instanceid=%d&sesskey=KxqnyJ1gZS", courseID, l.ID)),
		},
		ltiClaim + "tool_platform": object{
			"product_family_code": "moodle", "version": version, "guid": c.kid, "name": "campus", "description": siteName,
		},
		ltiClaim + "custom": c.customValues(t, p, l),
		"https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome": c.basicOutcome(t, p, l),
	}
	c.addPerson(claims, t, p)
	c.addServices(claims, t)
	return claims, nil
}

// addPerson adds what the privacy setting lets out, as plain text.
func (c *Campus) addPerson(claims object, t *tool, p Person) {
	if t.names {
		claims["given_name"], claims["family_name"], claims["name"] = p.First, p.Last, p.Name()
	}
	if t.email {
		claims["email"] = p.Email
	}
}

// addServices adds the addresses of the services the tool was granted.
func (c *Campus) addServices(claims object, t *tool) {
	if scopes := t.gradesScopes(); len(scopes) > 0 {
		// Moodle names results and scores without ever filling them.
		endpoint := object{"lineitems": c.lineItemsURL(t), "results": "", "scores": "", "scope": scopes}
		if item := c.coupledItem(t); item != nil {
			endpoint["lineitem"] = c.lineItemURL(item)
		}
		claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"] = endpoint
	}
	if t.granted(scopeRoster) {
		claims["https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"] = object{
			"context_memberships_url": c.rosterURL(t), "service_versions": []string{"1.0", "2.0"},
		}
	}
}

func (c *Campus) basicOutcome(t *tool, p Person, l link) object {
	return object{
		"lis_result_sourcedid":    fmt.Sprintf(`{"data":{"instanceid":"%d","userid":"%d","typeid":"%d","launchid":1},"hash":"%s"}`, l.ID, p.ID, t.ID, c.kid),
		"lis_outcome_service_url": c.url("/mod/lti/service.php"),
	}
}

// launchRoles are full URIs. Both kinds of teacher are Instructor, and so is
// an administrator who is not enrolled.
func launchRoles(r Role) []string {
	const (
		learner    = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
		instructor = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
	)
	switch r {
	case Student:
		return []string{learner}
	case Admin:
		return []string{
			"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator", instructor,
			"http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
		}
	default:
		return []string{instructor}
	}
}
