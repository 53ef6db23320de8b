// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;

/**
 * The HTTP proxy for requests to the service and to STS.
 *
 * @param user the user name, or null if the proxy needs no authentication
 * @param password the password; null if and only if {@code user} is null
 */
record ForwardProxy(URI url, @Nullable String user, @Nullable String password) {

  /**
   * Returns the proxy that the options name, or null without one; fails INVALID for incomplete
   * options.
   */
  static @Nullable ForwardProxy of(StoreConfig config) {
    URI url = EndpointOptions.url(config, DynamoDbOptions.PROXY);
    String user = config.find(DynamoDbOptions.PROXY_USER);
    String password = config.find(DynamoDbOptions.PROXY_PASSWORD);
    if (url == null) {
      if (user != null || password != null) {
        throw StoreException.invalid(
            "Option 'proxy' is missing: 'proxy-user' and 'proxy-password' need it.");
      }
      return null;
    }
    if (url.getPort() < 0) {
      throw StoreException.invalid("Option 'proxy': '" + url + "' names no port.");
    }
    if ((user == null) != (password == null)) {
      throw StoreException.invalid(
          "Options 'proxy-user' and 'proxy-password' are set together or not at all.");
    }
    return new ForwardProxy(url, user, password);
  }

  ProxyConfiguration forNetty() {
    ProxyConfiguration.Builder builder =
        ProxyConfiguration.builder()
            .scheme(url.getScheme())
            .host(url.getHost())
            .port(url.getPort())
            .useSystemPropertyValues(false)
            .useEnvironmentVariableValues(false);
    if (user != null) {
      builder.username(user).password(password);
    }
    return builder.build();
  }

  software.amazon.awssdk.http.urlconnection.ProxyConfiguration forSts() {
    var builder =
        software.amazon.awssdk.http.urlconnection.ProxyConfiguration.builder()
            .endpoint(URI.create(url.getScheme() + "://" + url.getHost() + ":" + url.getPort()))
            .useSystemPropertyValues(false)
            .useEnvironmentVariablesValues(false);
    if (user != null) {
      builder.username(user).password(password);
    }
    return builder.build();
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
