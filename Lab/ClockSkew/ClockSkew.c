// Shows a program a time of day that is wrong by BATON_LAB_SKEW seconds, as on a machine whose clock was never set.
//
// Only the time of day is touched. Clocks that count from the machine's start go on as they are, also where a moment of
// them is waited for: on a real machine with a wrong clock, a pause of ten milliseconds takes ten milliseconds.
// Moments of the wrong time of day that somebody waits for are put right before the system hears of them.

#ifdef __linux__
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static time_t skew;

__attribute__((constructor)) static void read_skew(void) {
    const char *text = getenv("BATON_LAB_SKEW");
    skew = text ? atol(text) : 0;
}

static int is_time_of_day(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }

// The moment that is meant. Moments of other clocks are seconds since the machine's start: small numbers.
static struct timespec put_right(const struct timespec *moment) {
    struct timespec right = *moment;
    if (right.tv_sec > 500000000) right.tv_sec -= skew;
    return right;
}

int clock_gettime(clockid_t clock, struct timespec *moment) {
    int result = (int)syscall(SYS_clock_gettime, clock, moment);
    if (result == 0 && is_time_of_day(clock)) moment->tv_sec += skew;
    return result;
}

int gettimeofday(struct timeval *restrict moment, void *restrict zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    moment->tv_sec = now.tv_sec;
    moment->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *moment) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (moment) *moment = now.tv_sec;
    return now.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *moment) {
    struct timespec right = put_right(moment);
    clockid_t clock = moment->tv_sec > 500000000 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    return pthread_cond_clockwait(condition, mutex, clock, &right);
}

int sem_timedwait(sem_t *semaphore, const struct timespec *moment) {
    struct timespec right = put_right(moment);
    return sem_clockwait(semaphore, CLOCK_REALTIME, &right);
}

int timerfd_settime(int timer, int flags, const struct itimerspec *wanted, struct itimerspec *before) {
    struct itimerspec right = *wanted;
    if (flags & TFD_TIMER_ABSTIME) right.it_value = put_right(&wanted->it_value);
    return (int)syscall(SYS_timerfd_settime, timer, flags, &right, before);
}
#endif
