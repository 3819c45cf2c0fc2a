// Counts the memory allocations of the whole process, by standing in for glibc's functions.
#ifndef C_ALLOCATION_COUNT_H
#define C_ALLOCATION_COUNT_H

// How many allocations were made so far, on all threads.
unsigned long allocation_count(void);

#endif
