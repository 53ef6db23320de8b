// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleWithWebIdentityCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;

/**
 * The store's credentials, as the options select them, and the clients that obtain them. A thread
 * of the SDK renews temporary credentials of STS before they expire.
 */
final class Credentials implements AutoCloseable {

  private static final Duration RENEW_BEFORE_END = Duration.ofMinutes(5);
  private static final Duration STALE_BEFORE_END = Duration.ofMinutes(1);

  private final List<AutoCloseable> owned = new ArrayList<>();
  private final AwsCredentialsProvider provider;

  private Credentials(StoreConfig config, Region region, @Nullable ForwardProxy proxy) {
    String role = config.find(DynamoDbOptions.ROLE_ARN);
    String tokenFile = config.find(DynamoDbOptions.WEB_IDENTITY_TOKEN_FILE);
    if (role == null) {
      refuseWithoutRole(config, DynamoDbOptions.WEB_IDENTITY_TOKEN_FILE);
      refuseWithoutRole(config, DynamoDbOptions.ROLE_EXTERNAL_ID);
      refuseWithoutRole(config, DynamoDbOptions.STS_ENDPOINT);
      this.provider = withoutRole(config);
    } else if (tokenFile == null) {
      StsClient sts = sts(config, region, proxy, withoutRole(config));
      this.provider = own(assumed(config, role, sts));
    } else {
      if (config.find(DynamoDbOptions.ROLE_EXTERNAL_ID) != null) {
        throw StoreException.invalid(
            "Options 'role-external-id' and 'web-identity-token-file' exclude each other: remove"
                + " one of them.");
      }
      StsClient sts = sts(config, region, proxy, AnonymousCredentialsProvider.create());
      this.provider = own(webIdentity(config, role, tokenFile, sts));
    }
  }

  /** Fails INVALID for options that exclude each other or are incomplete. Sends no request yet. */
  static Credentials of(StoreConfig config, Region region, @Nullable ForwardProxy proxy) {
    return new Credentials(config, region, proxy);
  }

  AwsCredentialsProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    // In reverse order: a provider is closed before the client that it uses.
    for (int i = owned.size() - 1; i >= 0; i--) {
      try {
        owned.get(i).close();
      } catch (Exception e) {
        // Ignored: nothing uses the resource any more.
      }
    }
  }

  private static void refuseWithoutRole(StoreConfig config, StoreOption<String> option) {
    if (config.find(option) != null) {
      throw StoreException.invalid(
          "Option 'role-arn' is missing: '" + option.name() + "' has an effect only with it.");
    }
  }

  /** Returns the credentials that are used as they are, or to assume the role. */
  private AwsCredentialsProvider withoutRole(StoreConfig config) {
    String access = config.find(DynamoDbOptions.ACCESS_KEY);
    String secret = config.find(DynamoDbOptions.SECRET_KEY);
    String token = config.find(DynamoDbOptions.SESSION_TOKEN);
    String profile = config.find(DynamoDbOptions.PROFILE);
    ProfileFile file = EndpointOptions.profileFile(config);
    if ((access == null) != (secret == null)) {
      throw StoreException.invalid(
          "Option '"
              + (access == null ? "access-key" : "secret-key")
              + "' is missing: 'access-key' and 'secret-key' are set together or not at all.");
    }
    if (access != null && secret != null) {
      if (profile != null || file != null) {
        throw StoreException.invalid(
            "Options '"
                + (profile == null ? "profile-file" : "profile")
                + "' and 'access-key' exclude each other: remove one of them.");
      }
      return StaticCredentialsProvider.create(
          token == null
              ? AwsBasicCredentials.create(access, secret)
              : AwsSessionCredentials.create(access, secret, token));
    }
    if (token != null) {
      throw StoreException.invalid(
          "Option 'access-key' is missing: 'session-token' needs it and 'secret-key'.");
    }
    if (file != null) {
      ProfileCredentialsProvider.Builder named =
          ProfileCredentialsProvider.builder().profileFile(file);
      return own((profile == null ? named : named.profileName(profile)).build());
    }
    DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
    return own((profile == null ? chain : chain.profileName(profile)).build());
  }

  private StsClient sts(
      StoreConfig config,
      Region region,
      @Nullable ForwardProxy proxy,
      AwsCredentialsProvider self) {
    Duration attempt = config.get(DynamoDbOptions.ATTEMPT_TIMEOUT);
    UrlConnectionHttpClient.Builder transport =
        UrlConnectionHttpClient.builder().connectionTimeout(attempt).socketTimeout(attempt);
    if (proxy != null) {
      transport.proxyConfiguration(proxy.forSts());
    }
    StsClientBuilder builder =
        StsClient.builder()
            .region(region)
            .credentialsProvider(self)
            .httpClient(own(transport.build()))
            .overrideConfiguration(override -> override.apiCallAttemptTimeout(attempt));
    URI endpoint = EndpointOptions.url(config, DynamoDbOptions.STS_ENDPOINT);
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return own(builder.build());
  }

  private static StsAssumeRoleCredentialsProvider assumed(
      StoreConfig config, String role, StsClient sts) {
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts)
        .asyncCredentialUpdateEnabled(true)
        .prefetchTime(RENEW_BEFORE_END)
        .staleTime(STALE_BEFORE_END)
        .refreshRequest(
            request ->
                request
                    .roleArn(role)
                    .roleSessionName(config.get(DynamoDbOptions.ROLE_SESSION_NAME))
                    .externalId(config.find(DynamoDbOptions.ROLE_EXTERNAL_ID)))
        .build();
  }

  private static StsAssumeRoleWithWebIdentityCredentialsProvider webIdentity(
      StoreConfig config, String role, String tokenFile, StsClient sts) {
    Path file = Path.of(tokenFile);
    if (!Files.isReadable(file)) {
      throw StoreException.invalid(
          "Option 'web-identity-token-file': '" + tokenFile + "' cannot be read.");
    }
    return StsAssumeRoleWithWebIdentityCredentialsProvider.builder()
        .stsClient(sts)
        .asyncCredentialUpdateEnabled(true)
        .prefetchTime(RENEW_BEFORE_END)
        .staleTime(STALE_BEFORE_END)
        // The file is read each time, since the issuer of the token replaces it.
        .refreshRequest(() -> request(config, role, file))
        .build();
  }

  private static AssumeRoleWithWebIdentityRequest request(
      StoreConfig config, String role, Path token) {
    try {
      return AssumeRoleWithWebIdentityRequest.builder()
          .roleArn(role)
          .roleSessionName(config.get(DynamoDbOptions.ROLE_SESSION_NAME))
          .webIdentityToken(Files.readString(token).trim())
          .build();
    } catch (java.io.IOException e) {
      throw new StoreException(
          StoreException.Kind.DENIED,
          "Option 'web-identity-token-file': '" + token + "' cannot be read.",
          e);
    }
  }

  private <T extends AutoCloseable> T own(T resource) {
    owned.add(resource);
    return resource;
  }
}
