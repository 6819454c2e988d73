/* What the benchmarks share: time, medians, and how a figure is printed for run.py. */
#ifndef KL_TESTS_BENCH_BENCH_H
#define KL_TESTS_BENCH_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "benchmark: %s\n", what);
	exit(1);
}

/* Seconds, from anywhere. */
static inline double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts the times. */
static inline double median(double *times, size_t n)
{
	qsort(times, n, sizeof *times, by_size);
	return times[n / 2];
}

#endif
