/** Tests that run the commands on the real servers, as a user does. */
package io.dimstore.bench.commands;
