package store

import "context"

// JobsOf counts the jobs of a kind in the queue.
func (s *Store) JobsOf(ctx context.Context, kind string) (int, error) {
	var n int
	err := s.q.QueryRowContext(ctx, `select count(*) from river_job where kind = $1`, kind).Scan(&n)
	return n, err
}
