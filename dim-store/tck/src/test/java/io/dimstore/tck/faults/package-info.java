/** The fault matrix of all stores, kept as data, and the page that is generated from it. */
package io.dimstore.tck.faults;
