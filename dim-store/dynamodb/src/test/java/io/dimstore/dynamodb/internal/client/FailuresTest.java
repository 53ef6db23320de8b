// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

class FailuresTest {

  @ParameterizedTest
  @CsvSource({
    "400,AccessDeniedException,DENIED",
    "400,UnrecognizedClientException,DENIED",
    "400,ExpiredTokenException,DENIED",
    "400,InvalidSignatureException,DENIED",
    "403,Forbidden,DENIED",
    "400,ProvisionedThroughputExceededException,THROTTLED",
    "400,ThrottlingException,THROTTLED",
    "400,RequestLimitExceeded,THROTTLED",
    "400,TransactionConflictException,THROTTLED",
    "429,Whatever,THROTTLED",
    "500,InternalServerError,UNAVAILABLE",
    "503,ServiceUnavailable,UNAVAILABLE",
    "400,ResourceInUseException,UNAVAILABLE",
    "400,ValidationException,INVALID",
    "400,ItemCollectionSizeLimitExceededException,INVALID"
  })
  void theServicesErrorsHaveTheirKinds(int status, String code, Kind kind) {
    Throwable failure =
        DynamoDbException.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode(code).errorMessage("because").build())
            .build();
    StoreException mapped = Failures.of(new CompletionException(failure), "t");
    assertThat(mapped.kind()).isEqualTo(kind);
    assertThat(mapped).hasMessageContaining("table t").hasMessageContaining(code + ": because");
  }

  /** The kind of each error of the SDK's model that a request of this store may fail with. */
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("ConditionalCheckFailedException", Kind.INVALID),
          Map.entry("DuplicateItemException", Kind.INVALID),
          Map.entry("ExpiredIteratorException", Kind.INVALID),
          Map.entry("InternalServerErrorException", Kind.UNAVAILABLE),
          Map.entry("ItemCollectionSizeLimitExceededException", Kind.INVALID),
          Map.entry("LimitExceededException", Kind.THROTTLED),
          Map.entry("ProvisionedThroughputExceededException", Kind.THROTTLED),
          Map.entry("ReplicatedWriteConflictException", Kind.THROTTLED),
          Map.entry("RequestLimitExceededException", Kind.THROTTLED),
          Map.entry("ResourceInUseException", Kind.UNAVAILABLE),
          Map.entry("ResourceNotFoundException", Kind.NO_TABLE),
          Map.entry("TableNotFoundException", Kind.NO_TABLE),
          Map.entry("ThrottlingException", Kind.THROTTLED),
          Map.entry("TransactionConflictException", Kind.THROTTLED),
          Map.entry("TransactionInProgressException", Kind.THROTTLED),
          Map.entry("TrimmedDataAccessException", Kind.NO_TABLE));

  /** Errors of operations that this store does not send. */
  private static final Pattern NOT_SENT =
      Pattern.compile(
          "(Backup|Export|Import|Replica|GlobalTable|Index|Policy|PointInTime|ContinuousBackups).*"
              + "|InvalidRestoreTimeException|InvalidExportTimeException|FailureException"
              + "|Table(AlreadyExists|InUse)Exception|TransactionCanceledException"
              + "|IdempotentParameterMismatchException|DynamoDbException");

  static List<String> errorsOfTheModel() throws IOException {
    String folder = DynamoDbException.class.getPackageName().replace('.', '/') + "/";
    Path jar =
        Path.of(
            URI.create(
                DynamoDbException.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString()));
    try (JarFile classes = new JarFile(jar.toFile())) {
      return classes.stream()
          .map(JarEntry::getName)
          .filter(name -> name.startsWith(folder) && name.endsWith("Exception.class"))
          .map(name -> name.substring(folder.length(), name.length() - ".class".length()))
          .filter(
              name ->
                  name.equals("ReplicatedWriteConflictException")
                      || !NOT_SENT.matcher(name).matches())
          .toList();
    }
  }

  /** Fails for a new error of a newer SDK until a kind is added for it. */
  @ParameterizedTest
  @MethodSource("errorsOfTheModel")
  void everyErrorOfTheModelHasItsKind(String name) throws ReflectiveOperationException {
    assertThat(KINDS).as("a kind for %s", name).containsKey(name);
    DynamoDbException.Builder builder =
        (DynamoDbException.Builder)
            Class.forName(DynamoDbException.class.getPackageName() + "." + name)
                .getMethod("builder")
                .invoke(null);
    DynamoDbException failure =
        (DynamoDbException)
            builder
                .statusCode(name.equals("InternalServerErrorException") ? 500 : 400)
                .awsErrorDetails(
                    AwsErrorDetails.builder().errorCode(name).errorMessage("because").build())
                .build();
    assertThat(Failures.of(failure, "t").kind()).isEqualTo(KINDS.get(name));
  }

  /**
   * A row-level error is either transient, or the row is written with a put, which fails as above.
   */
  @ParameterizedTest
  @EnumSource(BatchStatementErrorCodeEnum.class)
  void everyErrorOfAStatementIsHandled(BatchStatementErrorCodeEnum code) {
    Kind expected =
        switch (code) {
          case PROVISIONED_THROUGHPUT_EXCEEDED,
              REQUEST_LIMIT_EXCEEDED,
              THROTTLING_ERROR,
              TRANSACTION_CONFLICT ->
              Kind.THROTTLED;
          case INTERNAL_SERVER_ERROR -> Kind.UNAVAILABLE;
          case ACCESS_DENIED,
              CONDITIONAL_CHECK_FAILED,
              DUPLICATE_ITEM,
              ITEM_COLLECTION_SIZE_LIMIT_EXCEEDED,
              RESOURCE_NOT_FOUND,
              UNKNOWN_TO_SDK_VERSION,
              VALIDATION_ERROR ->
              null;
        };
    assertThat(Failures.passing(code)).isEqualTo(expected);
  }

  @Test
  void aMissingTableIsNoTable() {
    assertThat(Failures.of(ResourceNotFoundException.builder().build(), "t").kind())
        .isEqualTo(Kind.NO_TABLE);
  }

  @Test
  void networkFailuresHaveTheirKinds() {
    assertThat(Failures.of(ApiCallTimeoutException.create(5), "t").kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(Failures.of(ApiCallAttemptTimeoutException.create(5), "t").kind())
        .isEqualTo(Kind.TIMEOUT);
    Throwable wrapped = SdkClientException.create("cut", ApiCallAttemptTimeoutException.create(5));
    assertThat(Failures.of(wrapped, "t").kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(
            Failures.of(SdkClientException.create("reset", new IOException("reset")), "t").kind())
        .isEqualTo(Kind.UNAVAILABLE);
    StoreException denied =
        Failures.of(
            SdkClientException.create("Unable to load credentials from any of the providers"), "");
    assertThat(denied.kind()).isEqualTo(Kind.DENIED);
    assertThat(denied).hasMessageContaining("'access-key'");
  }

  @Test
  void aStoreExceptionStaysWhatItIs() {
    StoreException known = StoreException.invalid("x");
    assertThat(Failures.of(new CompletionException(known), "t")).isSameAs(known);
  }
}
