/* The references in C: what a careful programmer would write for one machine. Reads orders from stdin, one a line.
   Started as: reference DIR, where DIR holds raw little-endian columns. Answers: milliseconds, then numbers. */

#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *folder;

static void *column(const char *name, size_t width, size_t *count) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) { perror(path); exit(1); }
  fseek(file, 0, SEEK_END);
  size_t bytes = (size_t)ftell(file);
  rewind(file);
  void *data = malloc(bytes + 1);
  if (fread(data, 1, bytes, file) != bytes) { perror(path); exit(1); }
  fclose(file);
  *count = bytes / width;
  return data;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

/* Branch-free: the write always happens, the counter moves only for a breach. */
static size_t two_leg_pass(size_t n, const uint16_t *restrict slot, const double *restrict amount,
                           const double *restrict values, uint32_t *restrict out) {
  size_t found = 0;
  for (size_t i = 0; i < n; i++) {
    double h = amount[2 * i] * values[slot[2 * i]] + amount[2 * i + 1] * values[slot[2 * i + 1]];
    out[found] = (uint32_t)i;
    found += h < 0;
  }
  return found;
}

static void sweep(int passes) {
  static uint16_t *slot;
  static double *amount, *values;
  static uint32_t *out;
  static size_t n;
  if (!slot) {
    size_t legs, slots;
    slot = column("slot.u16", 2, &legs);
    amount = column("amount.f64", 8, &legs);
    values = column("values.f64", 8, &slots);
    n = legs / 2;
    out = malloc(n * sizeof *out);
  }
  double best = INFINITY;
  size_t found = 0;
  for (int pass = 0; pass < passes; pass++) {
    double before = now();
    found = two_leg_pass(n, slot, amount, values, out);
    double took = now() - before;
    if (took < best) best = took;
  }
  double sum = 0;
  for (size_t i = 0; i < found; i++) sum += out[i];
  printf("%.9g %zu %.17g\n", best, found, sum);
}

static size_t n;
static double *trigger, *units, *collateral, *cash, k_pool;

static double price(double outside, double sold) {
  if (sold == 0) return outside;
  double at = sqrt(k_pool / outside) + sold;
  return fmin(outside, k_pool / (at * at));
}

static void load(void) {
  size_t one;
  if (trigger) return;
  trigger = column("trigger.f64", 8, &n);
  units = column("units.f64", 8, &n);
  collateral = column("collateral.f64", 8, &n);
  cash = column("cash.f64", 8, &n);
  k_pool = *(double *)column("pool.f64", 8, &one);
}

/* The quadratic cascade: each round looks at every account, until a round sells nothing. */
static void rounds(double outside) {
  load();
  double before = now(), sold = 0, at = outside;
  size_t taken = 0, last;
  do {
    last = taken;
    taken = 0;
    sold = 0;
    for (size_t i = 0; i < n; i++)
      if (at < trigger[i]) { sold += units[i]; taken++; }
    at = price(outside, sold);
  } while (taken != last);
  printf("%.9g %zu %.17g\n", now() - before, taken, at);
}

static int worse(const void *a, const void *b) {
  uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
  if (trigger[i] != trigger[j]) return trigger[i] > trigger[j] ? -1 : 1;
  return i < j ? -1 : 1;
}

static double *sorted(const uint32_t *order, const double *from) {
  double *to = malloc(n * sizeof *to);
  for (size_t k = 0; k < n; k++) to[k] = from[order[k]];
  return to;
}

/* One account after the other in falling trigger, the price read again after each. */
static void walk(double outside) {
  static double *t, *c, *a;
  load();
  if (!t) {
    uint32_t *order = malloc(n * sizeof *order);
    for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
    qsort(order, n, sizeof *order, worse);
    t = sorted(order, trigger), c = sorted(order, collateral), a = sorted(order, cash);
    free(order);
  }
  double before = now(), sold = 0, at = outside;
  size_t taken = 0;
  while (taken < n && at < t[taken]) {
    sold += c[taken] * at < a[taken] ? c[taken] : a[taken] / at;
    at = price(outside, sold);
    taken++;
  }
  printf("%.9g %zu %.17g\n", now() - before, taken, at);
}

int main(int argc, char **argv) {
  char order[32];
  double argument;
  if (argc != 2) return 2;
  folder = argv[1];
  while (scanf("%31s %lf", order, &argument) == 2) {
    if (!strcmp(order, "sweep")) sweep((int)argument);
    else if (!strcmp(order, "rounds")) rounds(argument);
    else if (!strcmp(order, "walk")) walk(argument);
    else return 2;
    fflush(stdout);
  }
  return 0;
}
