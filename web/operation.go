package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/moodle"
)

func (s *Server) operationRoutes(r *mux.Router) {
	r.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeText(w, http.StatusOK, "ok\n")
	}).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/readyz", s.ready).Methods(http.MethodGet, http.MethodHead)
	r.PathPrefix("/static/").Handler(s.Templates.Static()).Methods(http.MethodGet, http.MethodHead)
}

// ready answers whether the database is reachable and migrated.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if err := s.Store.Ready(r.Context()); err != nil {
		s.Log.ErrorContext(r.Context(), "not ready", "error", err)
		writeText(w, http.StatusServiceUnavailable, "database not ready\n")
		return
	}
	writeText(w, http.StatusOK, "ready\n")
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	// The client may have gone; there is nobody left to tell.
	_, _ = io.WriteString(w, text)
}

// requestLog gives each request an id and logs its route, never its URL: claim
// links and one-time links are secrets.
func (s *Server) requestLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := &requestInfo{id: rand.Text(), route: "none"}
		start := s.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		rec.Header().Set("X-Request-Id", info.id)
		ctx := withRequestInfo(r.Context(), info)
		next.ServeHTTP(rec, r.WithContext(ctx))
		s.Log.LogAttrs(ctx, slog.LevelInfo, "request",
			slog.String("request_id", info.id), slog.String("method", r.Method), slog.String("route", info.route),
			slog.Int("status", rec.status), slog.Duration("duration", s.Now().Sub(start).Round(time.Microsecond)))
	})
}

// noteRoute tells the log which route matched.
func noteRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pattern, err := mux.CurrentRoute(r).GetPathTemplate(); err == nil {
			requestInfoOf(r.Context()).route = pattern
		}
		next.ServeHTTP(w, r)
	})
}

// recoverPanic turns a defect into the internal error page and a logged stack.
func (s *Server) recoverPanic(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			err := fmt.Errorf("%s\n%s", fault.OfPanic(v), debug.Stack())
			if c, ok := v.(*moodle.Crash); ok { // in a goroutine of a reading, with its own stack
				err = c
			}
			s.problem(w, r, err, nil)
		}()
		next.ServeHTTP(w, r)
	})
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
