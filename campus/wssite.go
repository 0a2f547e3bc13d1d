package campus

import (
	"maps"
	"slices"
)

// serviceUser is the id of the user whose token the service uses.
const serviceUser = 18

const siteName = "Campus d’exemple"

// wsSiteInfo returns the token's user and the functions of the service.
func (c *Campus) wsSiteInfo(wsArgs) (any, error) {
	functions := []object{}
	for _, name := range slices.Sorted(maps.Keys(wsFunctions())) {
		if !slices.Contains(c.faults.WithoutFunction, name) {
			functions = append(functions, object{"name": name, "version": version})
		}
	}
	return object{
		"sitename": siteName, "siteurl": c.cfg.BaseURL, "siteid": 1, "release": release, "version": version,
		"userid": serviceUser, "username": "svc-insigne", "firstname": "Insigne", "lastname": "Badge Service",
		"fullname": "Insigne Badge Service", "lang": "en", "userpictureurl": c.url("/site/user.svg"),
		"userissiteadmin": false, "usercanmanageownfiles": true, "userhomepage": 1, "userprivateaccesskey": c.kid,
		"userquota": 104857600, "usermaxuploadfilesize": 52428800, "usercalendartype": "gregorian",
		"functions": functions, "advancedfeatures": []object{{"name": "usecomments", "value": 1}},
		"downloadfiles": 0, "uploadfiles": 0, "mobilecssurl": "", "sitecalendartype": "gregorian",
		"theme": "boost", "limitconcurrentlogins": 0, "policyagreed": 0,
	}, nil
}
