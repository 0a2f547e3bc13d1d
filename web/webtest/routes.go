package webtest

import (
	"testing"

	"github.com/gorilla/mux"
)

// Routes returns the routes of an audience, each as a method and a path of gorilla/mux,
// such as "GET /v/{assertion:[0-9a-f-]{36}}.json".
func Routes(t *testing.T, a Audience) []string {
	t.Helper()
	var routes []string
	router := mux.NewRouter()
	a.Mount(router)
	err := router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := route.GetMethods()
		if err != nil {
			return err // a route for any method
		}
		for _, method := range methods {
			routes = append(routes, method+" "+path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return routes
}
